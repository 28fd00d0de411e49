//! A picture as JSON, for whoever draws it with tools of their own: everything with its place and the ids of its facts.

use serde_json::{Value, json};

use super::picture::{
    Bar, Block, BlockKind, Chart, ChartRow, LegendItem, Path, Picture, Piece, PlacedArrow, PlacedEntry, PlacedNode,
    Point, Rect, Sign, Tick, TimeSign,
};
use super::status_style::{STATUS_STYLES, status_style};

/// The document. Lengths are CSS pixels from the left and the top; fields are added in later versions, never changed.
pub(crate) fn json(picture: &Picture) -> Value {
    let entries = |it: &[PlacedEntry]| it.iter().map(entry).collect::<Vec<_>>();
    let node = |(at, it): (usize, &PlacedNode)| {
        json!({
            "id": it.id,
            "box": format!("box-{at}"),
            "entity": it.entity,
            "kind": it.shape.as_str(),
            "name": (!it.name.is_empty()).then_some(&it.name),
            "badge": (!it.badge.is_empty()).then(|| words(&it.badge)),
            "focus": it.focus,
            "facts": it.facts,
            "rect": rect(&it.rect),
            "entries": entries(&it.entries),
        })
    };
    let end = |at: usize| picture.nodes.get(at).map(|it| it.id.as_str());
    let arrow = |it: &PlacedArrow| {
        json!({
            "id": it.id,
            "from": end(it.from),
            "to": end(it.to),
            "directed": it.directed,
            "status": status_style(it.status).word,
            "happened": it.happened,
            "outcome": it.outcome.map(|it| it.as_str()),
            "facts": it.facts,
            "path": path(&it.path),
            "label": it.label.as_ref().map(|it| json!({"rect": rect(&it.rect), "entries": entries(&it.entries)})),
        })
    };
    json!({
        "version": 1,
        "width": round(picture.width),
        "height": round(picture.height),
        "title": picture.title,
        "description": picture.description,
        "nodes": picture.nodes.iter().enumerate().map(node).collect::<Vec<_>>(),
        "arrows": picture.arrows.iter().map(arrow).collect::<Vec<_>>(),
        "timeline": picture.chart.as_ref().map(chart),
        "legend": picture.legend.iter().map(legend).collect::<Vec<_>>(),
        "text": picture.head.iter().chain(&picture.foot).map(block).collect::<Vec<_>>(),
    })
}

fn entry(it: &PlacedEntry) -> Value {
    json!({
        "fact": it.fact,
        "also": it.also,
        "status": status_style(it.status).word,
        "outcome": it.outcome.as_str(),
        "text": words(&it.lines),
        "quantities": it.quantities,
        "periods": it.periods,
        "notes": it.notes,
        "mark": point(it.mark),
        "lines": lines(&it.lines),
    })
}

fn chart(it: &Chart) -> Value {
    let bar = |it: &Bar| {
        json!({
            "signs": it.signs().map(TimeSign::as_str).collect::<Vec<_>>(),
            "top": round(it.y),
            "from": round(it.from),
            "to": round(it.to),
            "earliest": it.before.map(round),
            "latest": it.after.map(round),
        })
    };
    let row = |it: &ChartRow| json!({"entry": entry(&it.entry), "bars": it.bars.iter().map(bar).collect::<Vec<_>>()});
    let tick = |it: &Tick| json!({"x": round(it.x), "date": words(&it.date)});
    json!({
        "ticks": it.ticks.iter().map(tick).collect::<Vec<_>>(),
        "rows": it.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn legend(it: &LegendItem) -> Value {
    let sign = match it.sign {
        Sign::Status(at) => format!("status-{}", STATUS_STYLES.get(at).map_or("", |it| it.word)),
        Sign::NotHappened => "not-happened".to_owned(),
        Sign::Inferred => "inferred".to_owned(),
        Sign::Shape(shape) => format!("kind-{}", shape.as_str()),
        Sign::Time(sign) => format!("time-{}", sign.as_str()),
    };
    json!({"sign": sign, "rect": rect(&it.sample), "text": words(&it.lines)})
}

fn block(it: &Block) -> Value {
    let kind = match &it.kind {
        BlockKind::Title => "title",
        BlockKind::Subtitle => "subtitle",
        BlockKind::Source(_) => "source",
        BlockKind::Remark => "remark",
        BlockKind::LeftOut(_) => "left-out",
        BlockKind::DataDate => "data-date",
        BlockKind::Credit => "credit",
    };
    let mut value = json!({"kind": kind, "text": words(&it.lines), "lines": lines(&it.lines)});
    if let (BlockKind::Source(number), Some(fields)) = (&it.kind, value.as_object_mut()) {
        fields.insert("note".to_owned(), json!(number));
    }
    if let (BlockKind::LeftOut(facts), Some(fields)) = (&it.kind, value.as_object_mut()) {
        fields.insert("facts".to_owned(), json!(facts));
    }
    value
}

/// Lines as one text.
fn words(lines: &[super::picture::TextLine]) -> String {
    lines.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn lines(lines: &[super::picture::TextLine]) -> Value {
    let line = |it: &super::picture::TextLine| json!({"x": round(it.x), "y": round(it.y), "width": round(it.width), "px": it.px, "weight": it.face.weight(), "text": it.text});
    lines.iter().map(line).collect()
}

fn rect(it: &Rect) -> Value {
    json!({"x": round(it.x), "y": round(it.y), "width": round(it.width), "height": round(it.height)})
}

fn point(it: Point) -> Value {
    json!([round(it.x), round(it.y)])
}

/// A point, then a list for each piece: one point is a line to it, three are a cubic curve.
fn path(it: &Path) -> Value {
    let piece = |it: &Piece| match *it {
        Piece::Line(end) => json!([point(end)]),
        Piece::Curve(one, other, end) => json!([point(one), point(other), point(end)]),
    };
    json!({"start": point(it.start), "pieces": it.pieces.iter().map(piece).collect::<Vec<_>>()})
}

/// Hundredths of a pixel; more nobody sees.
fn round(px: f64) -> f64 {
    (px * 100.0).round() / 100.0
}
