import Dataflow
package import Elements
package import Interchange
import Store

extension JobStore {
    /// Writes down what the judge said in a job, before its score is recorded.
    package func keep(_ verdicts: KeptVerdicts, of job: JobID) async throws {
        try await disk.run { [results] _ in try results.keep(verdicts: verdicts.bytes, of: job) }
    }

    /// Writes down what a model wrote for a job and how the subject read it, before its score is recorded.
    package func keep(_ texts: WrittenTexts, of job: JobID) async throws {
        try await disk.run { [results] _ in try results.keep(verdicts: texts.bytes, of: job) }
    }
}
