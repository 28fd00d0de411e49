"""The SQL of both engines, as text for their command lines and with marks for their libraries."""

# A chain of three is in time if the third ends no earlier than the later of the two beginnings before it.
DUCKDB_LOAD = """
create table entity as select * from read_csv('{data}/entities.csv');
create table item as select * from read_csv('{data}/items.csv');
create table fact as select * from read_csv('{data}/facts.csv',
  types={{'item':'BIGINT','qty_low':'BIGINT','qty_high':'BIGINT','unit':'VARCHAR','start':'DATE','end':'DATE'}});
create index fs on fact(src);
create index fd on fact(dst);
create view supply as select * from fact where kind='supply';
"""

DUCKDB = {
    "q1": """
with recursive tree(id) as (select {item}::bigint union all select i.id from item i join tree on i.parent=tree.id)
select f.id,src,dst,f.item,qty_low,qty_high,unit,start,"end",source from supply f
where f.item in (select id from tree) and f.dst in (select id from entity where country={country})
  and start<='{b}'::date and "end">='{a}'::date""",
    "q2": """
select 'out' d,dst o,unit,count(*) n,sum(qty_low) low,sum(qty_high) high from supply where src={hub} group by dst,unit
union all
select 'in',src,unit,count(*),sum(qty_low),sum(qty_high) from supply where dst={hub} group by src,unit""",
    "q3": """
with recursive seen(node,prev,d) using key (node) as (
  select {a}::bigint, null::bigint, 0
  union all
  select s.dst, min(s.src), min(seen.d)+1 from seen join supply s on s.src=seen.node
  where not exists (select 1 from recurring.seen r where r.node=s.dst)
    and not exists (select 1 from recurring.seen r where r.node={b})
  group by s.dst),
 way(node,prev,d) as (
  select node,prev,d from seen where node={b}
  union all
  select s.node,s.prev,s.d from seen s join way on s.node=way.prev)
select node from way order by d""",
    "q4": """
with fa as materialized (select dst x,start,"end" from supply where src={a}),
     fb as materialized (select src y,start,"end" from supply where dst={b})
select (select count(*) from supply where src={a} and dst={b}) n1,
       (select count(*) from fa join fb on fa.x=fb.y and fb."end">=fa.start) n2,
       (select count(*) from fa join supply m on m.src=fa.x and m."end">=fa.start
          join fb on fb.y=m.dst and fb."end">=greatest(fa.start,m.start) where fa.x<>{b} and fb.y<>{a}) n3""",
    "q5": """
select src,count(*) n from supply where start<='{b}'::date and "end">='{a}'::date group by src order by n desc,src limit {k}""",
}

SQLITE_TABLES = """
create table entity(id integer primary key, kind text, name text, country integer);
create table item(id integer primary key, parent integer, depth integer, name text);
create table fact(id integer primary key, kind text, src integer, dst integer, item integer, qty_low integer,
  qty_high integer, unit text, start text, "end" text, source integer);
"""
# Partial indexes that cover the walks: what a careful user would add.
SQLITE_INDEXES = """
create index ec on entity(country);
create index ip on item(parent);
create index fs on fact(src,dst,start,"end") where kind='supply';
create index fd on fact(dst,src,start,"end") where kind='supply';
analyze;
"""

SQLITE = {
    "q1": """
with recursive tree(id) as (select {item} union all select i.id from item i join tree on i.parent=tree.id)
select f.id,src,dst,f.item,qty_low,qty_high,unit,start,"end",source from entity e join fact f
  on f.dst=e.id and f.kind='supply' where e.country={country} and start<='{b}' and "end">='{a}' and f.item in (select id from tree)""",
    "q2": """
select 'out' d,dst o,unit,count(*) n,sum(qty_low) low,sum(qty_high) high from fact where kind='supply' and src={hub} group by dst,unit
union all
select 'in',src,unit,count(*),sum(qty_low),sum(qty_high) from fact where kind='supply' and dst={hub} group by src,unit""",
    "q4": """
select (select count(*) from fact where kind='supply' and src={a} and dst={b}) n1,
 (select count(*) from fact f join fact g on g.src=f.dst and g.dst={b} and g.kind='supply'
   and g."end">=f.start where f.src={a} and f.kind='supply') n2,
 (select count(*) from fact f cross join fact m on m.src=f.dst and m.kind='supply' and m."end">=f.start
   cross join fact g on g.dst={b} and g.src=m.dst and g.kind='supply' and g."end">=max(f.start,m.start)
   where f.src={a} and f.kind='supply' and f.dst<>{b} and m.dst<>{a}) n3""",
    "q5": """
select src,count(*) n from fact where kind='supply' and start<='{b}' and "end">='{a}' group by src order by n desc,src limit {k}""",
}
# Its recursive queries cannot tell nodes apart that were reached before, so the search goes level by level.
SQLITE_PATH = {
    "begin": """create temp table seen(node integer primary key, prev integer, d integer);
create index temp.sd on seen(d);
insert into seen values({a},null,0)""",
    "level": """insert or ignore into seen select f.dst, f.src, {d}+1 from seen s cross join fact f
  on f.src=s.node and f.kind='supply' where s.d={d} and not exists (select 1 from seen where node={b})""",
    "way": """
with recursive way(node,prev,d) as (select node,prev,d from seen where node={b}
  union all select s.node,s.prev,s.d from seen s join way on s.node=way.prev)
select node from way order by d""",
}
# A command line cannot stop when it has found something; further levels cost next to nothing.
LEVELS = 24


def sqlite_path(p):
    """The search as one script."""
    parts = [SQLITE_PATH["begin"].format(**p)]
    parts += [SQLITE_PATH["level"].format(d=level, **p) for level in range(LEVELS)]
    return ";\n".join(parts + [SQLITE_PATH["way"].format(**p)]) + ";"
