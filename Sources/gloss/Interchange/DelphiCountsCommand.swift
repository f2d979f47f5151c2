import ArgumentParser
import Foundation
import Interchange

/// Prints how often each latent of a delphi cache fires, and how strongly at most.
struct DelphiCountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delphi-counts",
        abstract: "Prints each latent's firing count and largest activation in a cache written by delphi.",
        discussion: "To explain and score its latents, read the cache with a source of type `delphi_cache`.")

    @Argument(help: "The folder of a hookpoint in the cache, or the folder that holds such folders.")
    var folder: String

    @Flag(help: "Print one JSON object a hookpoint, on a line of its own.")
    var json = false

    /// What is printed as JSON.
    private struct Counts: Encodable {
        let folder: String
        let latents: Int
        let tokens: Int
        let fired: [Int]
        let negative: [Int]
        let maxima: [Float?]
    }

    func run() async throws {
        try await reporting("delphi-counts") {
            for hookpoint in try DelphiCache.hookpoints(in: folder) {
                let cache = try DelphiCache(folder: hookpoint)
                let counts = try DelphiCounts(cache)
                if json { try printJSON(cache, counts) } else { printTable(cache, counts) }
            }
        }
    }

    private func printJSON(_ cache: DelphiCache, _ counts: DelphiCounts) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let object = Counts(
            folder: cache.folder, latents: cache.latents, tokens: counts.tokens, fired: counts.fired,
            negative: counts.negative, maxima: counts.maxima)
        Terminal.print(String(decoding: try encoder.encode(object), as: UTF8.self))
    }

    private func printTable(_ cache: DelphiCache, _ counts: DelphiCounts) {
        var lines = [
            "\(Notice.printable(cache.folder))  \(counts.tokens) tokens in \(cache.rows) rows of \(cache.context), "
                + "\(cache.latents - counts.neverFired) of \(cache.latents) latents have fired",
            "  latent    fired       negative    maximum",
        ]
        for latent in 0..<cache.latents where counts.fired[latent] + counts.negative[latent] > 0 {
            let cells = [
                "\(latent)", "\(counts.fired[latent])", "\(counts.negative[latent])",
                counts.maxima[latent].map { "\($0)" } ?? "n/a",
            ]
            let padded = zip(cells, [10, 12, 12, 8]).map { cell, width in
                cell.padding(toLength: max(width, cell.count), withPad: " ", startingAt: 0)
            }
            lines.append("  " + padded.joined())
        }
        Terminal.print(lines.joined(separator: "\n"))
    }
}
