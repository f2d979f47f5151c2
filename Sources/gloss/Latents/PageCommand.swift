import ArgumentParser
import Dashboard
import Elements
import LatentSheets
import Serving
import Store

/// Writes pages of latents as files.
struct PageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "Writes the pages of latents as files, to look at without a daemon or to publish.",
        discussion: """
            Writes `index.html`, `latents.html`, and a page and a JSON file of each latent. They load nothing from elsewhere: the \
            folder can be opened as it is or put on any server.
            """)

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var state: String

    @OptionGroup var folder: OutputFolder

    @OptionGroup var chosen: ChosenLatents

    @Option(help: "The topology file; by default the one by which the state was last worked on.")
    var topology: String?

    func run() async throws {
        do {
            try folder.check()
            let stored = try StoredSheets(directory: state, topology: topology) { Notice.write("page", $0) }
            let index = try stored.sheets.index()
            let keys = try chosen.keys(in: index, stored, of: state)
            let written = Set(keys)
            let rows = index.rows(of: written)
            let pages = Dashboard(links: .files(depth: 0), topology: stored.topology)
            var query = LatentQuery()
            query.limit = rows.count
            let found = LatentQuery.Found(showing: rows)
            for name in Dashboard.assets {
                if let asset = Dashboard.asset(name) { try folder.write(asset.bytes, to: "assets/\(name)") }
            }
            try folder.write(
                Array(
                    pages.latents(query, found, in: index, coders: stored.sheets.reader.coders.map(\.identity.name))
                        .utf8),
                to: "latents.html")
            let overview = try stored.sheets.overview()
            try folder.write(Array(pages.overview(overview.showing(written)).utf8), to: "index.html")
            try folder.write(Array(pages.failures(overview.failures).utf8), to: "failures.html")
            let deep = Dashboard(links: .files(depth: 2), topology: stored.topology)
            for key in keys {
                guard var sheet = try stored.sheets.reader.sheet(of: key) else { continue }
                // A page that is not written cannot be gone to.
                sheet.neighbours.removeAll { !written.contains(LatentKey(coder: key.coder, latent: $0.latent)) }
                try folder.write(Array(deep.latent(sheet).utf8), to: "l/\(key.coder)/\(key.latent).html")
                try folder.write(Array(SheetJSON.text(sheet).utf8), to: "l/\(key.coder)/\(key.latent).json")
            }
            Notice.write("page", "\(keys.count) latents are in \(folder.output); open \(folder.output)/index.html")
        } catch {
            throw ExitCode(telling: error, of: "page")
        }
    }
}
