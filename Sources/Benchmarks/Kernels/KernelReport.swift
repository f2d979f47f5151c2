internal import Foundation
internal import LinearAlgebra
internal import TerminalText

/// The rates of all kernels under all sets of instructions.
public struct KernelReport: Sendable, Hashable {
    /// The machine.
    public let machine: Machine
    /// The clock that was used.
    public let clock: BenchmarkClock
    /// How often each kernel was measured.
    public let rounds: Int
    /// For each kernel one figure a set, the lowest set first.
    public let figures: [KernelFigure]

    /// Makes a report.
    public init(machine: Machine, clock: BenchmarkClock, rounds: Int, figures: [KernelFigure]) {
        self.machine = machine
        self.clock = clock
        self.rounds = rounds
        self.figures = figures
    }

    /// The machine and a table, for people.
    public var text: String {
        let loads = [machine.loadBefore, machine.loadAfter].map { $0.map(Figure.text) ?? "–" }
        let header = """
            \(machine.cpu), 1 thread, kernel \(machine.kernel); load before and after \(loads[0]) and \(loads[1])
            medians of \(rounds) rounds, all instructions in turn, \(clock == .wall ? "wall clock" : "CPU time")
            """
        let rows = figures.map { figure in
            [
                figure.kernel, figure.instructions.rawValue, Self.text(figure.rates.median), figure.unit.rawValue,
                figure.lower?.name ?? "–", Self.text(figure.lower?.rates.median),
                Self.text(figure.ratio(to: figure.lower)), Self.text(figure.sgemm?.rates.median),
                Self.text(figure.ratio(to: figure.sgemm)),
            ]
        }
        let lines = TextTable(indent: 0, gap: 2, rightAligned: [2, 5, 6, 7, 8], trimsRows: true).lines(
            under: ["kernel", "instructions", "rate", "unit", "next lower", "rate", "ratio", "sgemm", "ratio"],
            of: rows)
        return header + "\n\n" + lines.joined(separator: "\n")
    }

    private static func text(_ value: Double?) -> String { value.map(Figure.text) ?? "–" }

    private struct Document: Encodable {
        let cpu, kernel: String
        let rounds: Int
        let clock: BenchmarkClock
        let loadBefore, loadAfter: Double?
        let kernels: [Entry]
    }

    private struct Entry: Encodable {
        let name, instructions: String
        let unit: KernelWork.Unit
        let rate: Double?
        let rateRounds: [Double]
        let lower, sgemm: Baseline?
    }

    private struct Baseline: Encodable {
        let name: String
        let rate, ratio: Double?
    }

    /// One JSON object: the machine, the rounds, and under `kernels` an object for each kernel and set; names in snake_case.
    public func json() throws -> String {
        let entries = figures.map { figure in
            func baseline(_ found: KernelFigure.Baseline?) -> Baseline? {
                found.map { Baseline(name: $0.name, rate: $0.rates.median, ratio: figure.ratio(to: $0)) }
            }
            return Entry(
                name: figure.kernel, instructions: figure.instructions.rawValue, unit: figure.unit,
                rate: figure.rates.median, rateRounds: figure.rates, lower: baseline(figure.lower),
                sgemm: baseline(figure.sgemm))
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            cpu: machine.cpu, kernel: machine.kernel.description, rounds: rounds, clock: clock,
            loadBefore: machine.loadBefore, loadAfter: machine.loadAfter, kernels: entries)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
