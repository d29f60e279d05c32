//! What may come from outside, as bytes: one file for each fuzz target, checked against the laws.
//!
//! `tests/fuzz` makes inputs up; the ones in its corpus are checked here with every run of the tests.

pub(crate) mod changes;
pub(crate) mod document;
pub(crate) mod drafts;
pub(crate) mod requests;

/// What is done with an input; it panics if a law is broken.
type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 4] = [
    ("changes", changes::check),
    ("document", document::check),
    ("drafts", drafts::check),
    ("requests", requests::check),
];

#[cfg(test)]
mod tests {
    use super::TARGETS;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_kept_input_keeps_the_laws() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
        let folders = std::fs::read_dir(&corpus).unwrap();
        let folders: BTreeSet<String> = folders
            .map(|folder| folder.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(folders.iter().eq(TARGETS.map(|(name, _)| name).iter()));
        for (name, check) in TARGETS {
            let mut count = 0;
            for input in std::fs::read_dir(corpus.join(name)).unwrap() {
                let path = input.unwrap().path();
                let bytes = std::fs::read(&path).unwrap();
                // So that the failure names the file.
                println!("{}", path.display());
                check(&bytes);
                count += 1;
            }
            assert!(count >= 10, "{name}: {count} inputs");
        }
    }
}
