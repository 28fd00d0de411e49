use purvey::import::*;
use std::path::Path;
fn main() {
    let mut args = std::env::args().skip(1);
    let format = args.next().unwrap();
    let out = args.next().unwrap();
    let inputs: Vec<ListInput> =
        args.map(|n| ListInput { bytes: open(Path::new(&n), &ImportOptions::default()).unwrap(), name: n }).collect();
    let mut findings = ImportFindings::keeping(8);
    let vocabulary =
        purvey::load::load(&purvey::load::Sources::BuiltIn, Default::default()).dataset.unwrap().vocabulary;
    let mut sink = FolderSink::new(Path::new(&out), true, vocabulary).unwrap();
    let options = ListOptions::default();
    match format.as_str() {
        "sipri" => read_sipri(inputs, &options, &mut sink, &mut findings),
        "un" => read_un_list(inputs, &options, &mut sink, &mut findings),
        _ => read_ofac(inputs, &options, &mut sink, &mut findings),
    }
    .unwrap();
    let s = sink.finish(&mut findings).unwrap();
    for f in findings.kept() {
        println!("{f}");
    }
    for (c, n) in findings.counts() {
        println!("{} {n} {}", c.as_str(), c.title());
    }
    println!("{s:?}");
}
