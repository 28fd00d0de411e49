"""Whether followthemoney takes a file of entities as they stand: python ftm_validates.py FILE

Each line must have a schema and properties of the model with values that validate, and that cleaning leaves as they are; each
entity that a property names must be there and have a schema that the property takes. Lines of other programs, which purvey gives
back as they came, are told by the option --as-it-came: then only what followthemoney itself refuses counts.
"""

import json
import sys

from followthemoney import model

as_it_came = "--as-it-came" in sys.argv
with open(sys.argv[1], encoding="utf-8") as file:
    lines = [json.loads(line) for line in file]
entities = {}
wrong = []
for line in lines:
    if as_it_came and line.get("schema") not in model.schemata:
        continue
    entity = model.get_proxy(dict(line))
    entities[entity.id] = entity
    if as_it_came:
        continue
    try:
        entity.schema.validate(line)
    except Exception as error:
        wrong.append(f"{entity.id}: {error} {getattr(error, 'errors', '')}")
    wrong += [f"{entity.id}: no property {it}" for it in line["properties"] if it not in entity.schema.properties]
    clean = model.get_proxy(dict(line), cleaned=False)
    for name, values in entity.properties.items():
        if sorted(clean.get(name)) != sorted(values):
            wrong.append(f"{entity.id}: {name} is cleaned from {values} to {clean.get(name)}")
if not as_it_came:
    for entity in entities.values():
        for prop, value in entity.itervalues():
            if prop.type.name != "entity":
                continue
            if value not in entities:
                wrong.append(f"{entity.id}: {prop.name} names {value}, which is not there")
            elif prop.range is not None and not entities[value].schema.is_a(prop.range):
                wrong.append(f"{entity.id}: {prop.name} takes no {entities[value].schema.name}, {value}")
        # A document need not be a file.
        lacking = [it for it in entity.schema.required if not entity.get(it) and it not in ("fileName", "number")]
        wrong += [f"{entity.id}: lacks {it}" for it in lacking]
for it in wrong:
    print(it, file=sys.stderr)
print(f"{len(lines)} entities")
sys.exit(1 if wrong else 0)
