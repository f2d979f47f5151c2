internal import Foundation
internal import LinearAlgebra

extension BenchmarkReport {
    private struct Document: Encodable {
        let cpu, kernel: String
        let threads, rounds: Int
        let clock: BenchmarkClock
        let loadBefore, loadAfter: Double?
        let notes: [String]
        let results: [Result]
    }

    private struct Result: Encodable {
        let name, work, unit: String
        let measured: Double?
        let measuredRounds: [Double]
        let baseline: Baseline?
        let ratio: Double?
        let wanted: String?
        let verdict: Measurement.Verdict
        let roofline: Limits?
        let note: String?
    }

    private struct Baseline: Encodable {
        let name: String
        let value: Double?
        let rounds: [Double]
    }

    private struct Limits: Encodable {
        let operations, bytes: Double
        let attainable: Double?
        let bound: Roofline.Bound?
    }

    /// One JSON object: the machine, the rounds, and under `results` an object for each benchmark; names in snake_case.
    ///
    /// `roofline` has operations and bytes of one unit of the figure, and the units a second that the machine allows.
    public func json() throws -> String {
        let results = measurements.map { measurement in
            let roofline = Roofline(of: measurement, among: measurements)
            return Result(
                name: measurement.benchmark.rawValue, work: measurement.title, unit: measurement.benchmark.unit,
                measured: measurement.value, measuredRounds: measurement.figures,
                baseline: measurement.baseline.map {
                    Baseline(name: $0.name, value: $0.figures.median, rounds: $0.figures)
                },
                ratio: measurement.ratio, wanted: measurement.benchmark.goal?.text, verdict: measurement.verdict,
                roofline: measurement.cost.map { cost in
                    Limits(
                        operations: cost.operations, bytes: cost.bytes,
                        attainable: roofline.map { $0.attainable(cost) / cost.operations },
                        bound: roofline?.bound(of: cost))
                }, note: measurement.note)
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            cpu: machine.cpu, kernel: machine.kernel.description, threads: machine.threads, rounds: rounds,
            clock: clock,
            loadBefore: machine.loadBefore, loadAfter: machine.loadAfter, notes: notes, results: results)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
