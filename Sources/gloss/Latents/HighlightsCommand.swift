import ArgumentParser
import LatentSheets
import Serving
import Store

/// Prints the latents whose descriptions can best be believed.
struct HighlightsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "highlights",
        abstract: "Prints some latents whose descriptions held best, in plain words, each with two examples.",
        discussion: """
            Of scores that nothing speaks against, those are taken whose interval lies farthest above chance and above the score \
            of another latent's description, each about something else. They show what can be found, not how good all are: \
            `gloss report` tells that.
            """)

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var state: String

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var count = 10

    @Option(help: "The address of the pages, such as http://127.0.0.1:8080/, to print that of each latent.")
    var address: String?

    @Option(help: "The topology file; by default the one by which the state was last worked on.")
    var topology: String?

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("--count needs a number from 1 to 1000") }
    }

    func run() async throws {
        do {
            let stored = try StoredSheets(directory: state, topology: topology) { Notice.write("highlights", $0) }
            let index = try stored.sheets.index()
            let choices = Highlights.chosen(among: index.stored, without: index.controls, count: count)
            let explained = index.stored.count { $0.label != nil && !index.controls.contains($0.coder) }
            let place = address.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
            let printer = HighlightPrinter(width: Terminal.width, form: Terminal.markForm, address: place)
            let typical = Highlights.typical(of: index.stored, without: index.controls)
            var lines = printer.head(of: choices, explained: explained, typical: typical)
            for (offset, choice) in choices.enumerated() {
                let sheet = try stored.sheets.reader.sheet(of: choice.row.key, counts: .each(HighlightPrinter.examples))
                lines += printer.lines(of: choice, sheet, place: offset + 1)
            }
            try Terminal.write(Array((lines.joined(separator: "\n") + "\n").utf8))
        } catch {
            throw ExitCode(telling: error, of: "highlights")
        }
    }
}
