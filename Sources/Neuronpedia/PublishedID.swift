import Elements
import Explaining
import Hashing

/// Ids of rows, in the form that an instance gives its own.
enum PublishedID {
    /// A hash as `c` and 24 digits of base 36.
    static func text(_ hash: JobID) -> String { ExplanationFile.id(of: hash) }

    /// The id of a job's row; that of its name, if the name is none.
    static func text(job: String) -> String { JobID(job).map { text($0) } ?? job }
}
