import ArgumentParser
import Interchange
import JSONText
import TerminalText

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

    /// The JSON output.
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
                if json { try printJSON(cache, counts) } else { try printTable(cache, counts) }
            }
        }
    }

    private func printJSON(_ cache: DelphiCache, _ counts: DelphiCounts) throws {
        let object = Counts(
            folder: cache.folder, latents: cache.latents, tokens: counts.tokens, fired: counts.fired,
            negative: counts.negative, maxima: counts.maxima)
        try Terminal.print(json: SortedJSON.text(of: object))
    }

    private func printTable(_ cache: DelphiCache, _ counts: DelphiCounts) throws {
        let heading =
            "\(PlainText.line(cache.folder))  \(counts.tokens) tokens in \(cache.rows) rows of \(cache.context), "
            + "\(cache.latents - counts.neverFired) of \(cache.latents) latents have fired"
        let latents = (0..<cache.latents).filter { counts.fired[$0] + counts.negative[$0] > 0 }
        let rows = latents.map { latent in
            [
                "\(latent)", "\(counts.fired[latent])", "\(counts.negative[latent])",
                counts.maxima[latent].map { "\($0)" } ?? "n/a",
            ]
        }
        let table = TextTable(minimumWidths: [10, 12, 12, 8], gap: 0, widening: .row)
        let lines = [heading, "  latent    fired       negative    maximum"] + table.lines(of: rows)
        try Terminal.print(lines.joined(separator: "\n"))
    }
}
