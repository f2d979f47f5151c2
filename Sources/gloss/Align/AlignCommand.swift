import Alignment
import ArgumentParser
import Dataflow
import Foundation
import LinearAlgebra
import SparseCoders
import TerminalText

/// Prints which latents of two coders match.
struct AlignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "align",
        abstract: "Matches the latents of two sparse coders by decoder and encoder cosine, one to one.",
        discussion: """
            The coders may be of other layers, sizes, seeds or data, in any format that `encode` reads; both must read and write \
            vectors of one width.
            """)

    @Argument(help: "The folder of the first sparse coder.")
    var a: String

    @Argument(help: "The folder of the second sparse coder.")
    var b: String

    @Option(help: "How many nearest latents of the other coder each latent may be matched with, and the other way.")
    var candidates = 32

    @Option(help: "Above which cosine, by decoder and by encoder, a latent counts as shared.")
    var threshold = 0.7

    @Option(help: "Explanations of the first coder's latents: a state directory, or a file of JSON lines.")
    var explanationsA: String?

    @Option(help: "Explanations of the second coder's latents: a state directory, or a file of JSON lines.")
    var explanationsB: String?

    @Option(help: "How many of the best and worst matched latents to list.")
    var best = 10

    @Flag(help: "Print one JSON object, with every matched pair.")
    var json = false

    func validate() throws {
        if best < 0 { throw ValidationError("--best needs a number of at least 0") }
        if !(1...4096).contains(candidates) { throw ValidationError("--candidates needs a number from 1 to 4096") }
        if !(-1...1).contains(threshold) { throw ValidationError("--threshold needs a cosine, -1 to 1") }
    }

    func run() async throws {
        try await reporting("align") {
            let start = ContinuousClock.now
            let threads = ProcessInfo.processInfo.activeProcessorCount
            let pool = ComputePool<Void>(name: "align", threads: threads)
            let (first, second) = try await pool.run { _ in
                (try SparseCoder(folder: a), try SparseCoder(folder: b))
            }
            let labels = MatchedLabels(
                a: try explanationsA.map { try LatentLabels(path: $0, coder: first) },
                b: try explanationsB.map { try LatentLabels(path: $0, coder: second) })
            let alignment = try await CoderAlignment(
                LatentDirections(first), LatentDirections(second),
                settings: CoderAlignment.Settings(candidates: candidates, threshold: threshold, threads: threads),
                pool: pool)
            if json {
                let text = AlignmentJSON(
                    a: first, b: second, alignment: alignment, candidates: candidates, labels: labels)
                try Terminal.print(json: text.text)
            } else {
                let table = AlignmentTable(
                    a: first, b: second, alignment: alignment, labels: labels, best: best, width: Terminal.width)
                try Terminal.print(table.text)
            }
            Notice.write("align", "\(Self.seconds(since: start)) s, at most \(ByteText(Self.peakBytes)) of memory")
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> String {
        String(format: "%.1f", (ContinuousClock.now - start) / .seconds(1))
    }

    /// The most memory that the process has had resident.
    private static var peakBytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
