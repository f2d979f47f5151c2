import TerminalText

/// All that a run of benchmarks found.
public struct BenchmarkReport: Sendable, Hashable {
    /// The machine.
    public let machine: Machine
    /// The clock that was used.
    public let clock: BenchmarkClock
    /// How often each piece of work was done.
    public let rounds: Int
    /// One for each benchmark.
    public let measurements: [Measurement]
    /// Notes about the baselines that are other programs.
    public let notes: [String]

    /// Makes a report.
    public init(
        machine: Machine, clock: BenchmarkClock, rounds: Int, measurements: [Measurement], notes: [String] = []
    ) {
        self.machine = machine
        self.clock = clock
        self.rounds = rounds
        self.measurements = measurements
        self.notes = notes
    }

    /// The machine and settings, the table, the roofline and the notes, for people.
    public var text: String {
        let load = "\(Self.text(machine.loadBefore)) and \(Self.text(machine.loadAfter))"
        let header = """
            \(machine.cpu), \(machine.threads) threads, kernel \(machine.kernel); load before and after \(load)
            medians of \(rounds) rounds, baseline and work in turn, \(clock == .wall ? "wall clock" : "CPU time")
            """
        let notes =
            measurements.compactMap { measurement in
                measurement.note.map { "\(measurement.benchmark.rawValue): \($0)" }
            } + self.notes
        var parts = [header, table]
        if let limits = rooflineTable { parts.append(limits) }
        if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n")
    }

    private static func text(_ value: Double?) -> String { value.map(Figure.text) ?? "–" }

    private static func table(header: [String], rightAligned: Set<Int>, rows: [[String]]) -> String {
        TextTable(indent: 0, gap: 2, rightAligned: rightAligned, trimsRows: true)
            .lines(under: header, of: rows).joined(separator: "\n")
    }

    /// Work, figure, baseline, ratio, goal and verdict.
    var table: String {
        Self.table(
            header: ["name", "work", "measured", "unit", "baseline", "of what", "ratio", "wanted", ""],
            rightAligned: [2, 4, 6],
            rows: measurements.map { measurement in
                let baseline = measurement.baseline
                return [
                    measurement.benchmark.rawValue, measurement.title, Self.text(measurement.value),
                    measurement.benchmark.unit, Self.text(baseline?.figures.median), baseline?.name ?? "–",
                    Self.text(measurement.ratio), measurement.benchmark.goal?.text ?? "–",
                    measurement.verdict.rawValue,
                ]
            })
    }

    /// The rates that the machine's two limits allow for each piece of work; `nil` if one of them was not measured.
    var rooflineTable: String? {
        let rows = measurements.compactMap { measurement -> [String]? in
            guard let cost = measurement.cost, let value = measurement.value,
                let roofline = Roofline(of: measurement, among: measurements)
            else { return nil }
            let rate = value * cost.operations
            let attainable = roofline.attainable(cost)
            return [
                measurement.benchmark.rawValue, Figure.text(cost.operations / 1e6), Figure.text(cost.intensity),
                Figure.text(rate / 1e9), Figure.text(attainable / 1e9), Figure.text(rate / attainable),
                roofline.bound(of: cost).rawValue,
            ]
        }
        guard !rows.isEmpty else { return nil }
        return Self.table(
            header: ["name", "MFLOP a unit", "FLOP a byte", "GFLOP/s", "roof", "of it", "roof is"],
            rightAligned: [1, 2, 3, 4, 5], rows: rows)
    }
}
