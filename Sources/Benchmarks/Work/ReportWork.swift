internal import Dataflow
internal import Foundation
internal import Reports
internal import Store

/// The report of a state with many results, as text; beside it the reading of the same rows alone.
enum ReportWork {
    private static let results = SyntheticResults(explained: 27_645)

    static func trial(_ inputs: BenchmarkInputs) throws -> Trial {
        let state = SyntheticState()
        try results.write(to: state.path)
        let (seconds, pool) = (inputs.seconds, ComputePool<Void>(name: "report", threads: 1))
        let read = { @Sendable (_: Void) in try Store.reader(directory: state.path).readResultRows() }
        let report = { @Sendable (_: Void) in
            _ = ReportTable(report: try RunReport(directory: state.path), best: 5, width: 120).text
        }
        return Trial(
            title: "report of \(results.explained) explanations and \(results.scored) scores",
            baseline: .work(name: "rows read alone") { try await seconds.of(threads: 1, on: pool, [read]) }
        ) { try await seconds.of(threads: 1, on: pool, [report]) }
    }
}

/// A folder that is gone when nobody uses it any more.
private final class SyntheticState: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "gloss-bench-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
