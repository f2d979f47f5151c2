internal import Foundation

/// Figures of other programs, measured before and written down as JSON.
///
/// The file is one object: `clock`, `wall` or `cpu`; `baselines`, an object for each figure with the `name` of the benchmark, the `program`,
/// the `unit` and the `figures`; and `notes`, lines about what could not be measured.
public struct ProgramBaselines: Sendable, Hashable {
    /// One program's figures of one benchmark.
    public struct Program: Sendable, Hashable, Decodable {
        /// The benchmark.
        public let name: Benchmark
        /// The program and its version.
        public let program: String
        /// The unit of the figures.
        public let unit: String
        /// The figure of each round.
        public let figures: [Double]
    }

    private struct File: Decodable {
        let clock: BenchmarkClock
        let baselines: [Program]
        let notes: [String]?
    }

    /// The clock that was used; `nil` if there are no baselines.
    public let clock: BenchmarkClock?
    /// The figures by benchmark.
    public let programs: [Benchmark: Program]
    /// Notes about them.
    public let notes: [String]

    /// No baselines.
    public static let none = ProgramBaselines(clock: nil, programs: [:], notes: [])

    private init(clock: BenchmarkClock?, programs: [Benchmark: Program], notes: [String]) {
        self.clock = clock
        self.programs = programs
        self.notes = notes
    }

    /// Reads a file.
    ///
    /// Throws if it is missing or not of this form, a unit is not the benchmark's, a figure is not positive, or other
    /// time was counted.
    public init(file: String, clock: BenchmarkClock) throws(BenchmarkError) {
        let content: File
        do {
            content = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: file)))
        } catch {
            throw .baselines(file: file, reason: "cannot be read: \(error)")
        }
        guard content.clock == clock else {
            throw .baselines(
                file: file, reason: "its times are of the \(content.clock.rawValue) clock, not \(clock.rawValue)")
        }
        for program in content.baselines {
            guard program.unit == program.name.unit else {
                throw .baselines(
                    file: file, reason: "\(program.name.rawValue) is in \(program.unit), expected \(program.name.unit)")
            }
            guard !program.figures.isEmpty, program.figures.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw .baselines(
                    file: file, reason: "\(program.name.rawValue) has no figures, or one that is not positive")
            }
        }
        self.init(
            clock: clock, programs: Dictionary(content.baselines.map { ($0.name, $0) }) { $1 },
            notes: content.notes ?? [])
    }
}
