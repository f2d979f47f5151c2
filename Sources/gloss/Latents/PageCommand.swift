import ArgumentParser
import Dashboard
import Elements
import Foundation
import LatentSheets
import Serving
import Store
import WeightFiles

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

    @Option(help: "The folder to write to.")
    var output: String

    @Option(help: "The coder whose latents are meant; by default all that are not controls.")
    var coder: String?

    @Option(parsing: .upToNextOption, help: "The latents, as `coder/number`; by default all that have an explanation.")
    var latents: [String] = []

    @Option(help: "The topology file; by default the one by which the state was last worked on.")
    var topology: String?

    @Flag(help: "Write into a folder that is there already; files of the same names are replaced.")
    var force = false

    func validate() throws {
        if let wrong = latents.first(where: { LatentKey(written: $0) == nil }) {
            throw ValidationError("`\(wrong)` is no latent: write the coder and the number, such as `codes/17`")
        }
    }

    func run() async throws {
        do {
            let held = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
            guard held.isEmpty || force else {
                throw OneStageError(
                    "\(output) is not empty; give another folder, or --force to replace files in it", .configuration)
            }
            let stored = try StoredSheets(directory: state, topology: topology) { Notice.write("page", $0) }
            let index = try stored.sheets.index()
            let keys = try chosen(in: index, stored)
            let chosen = Set(keys)
            let rows = index.rows.filter { chosen.contains($0.key) }
            let pages = Dashboard(links: .files(depth: 0), topology: stored.topology)
            var query = LatentQuery()
            query.limit = rows.count
            let found = query.found(among: rows)
            for name in Dashboard.assets {
                if let asset = Dashboard.asset(name) { try write(asset.bytes, to: "assets/\(name)") }
            }
            try write(
                Array(
                    pages.latents(query, found, in: index, coders: stored.sheets.reader.coders.map(\.identity.name))
                        .utf8),
                to: "latents.html")
            let overview = try stored.sheets.overview()
            try write(Array(pages.overview(overview.showing(chosen)).utf8), to: "index.html")
            try write(Array(pages.failures(overview.failures).utf8), to: "failures.html")
            let deep = Dashboard(links: .files(depth: 2), topology: stored.topology)
            for key in keys {
                guard var sheet = try stored.sheets.reader.sheet(of: key) else { continue }
                // A page that is not written cannot be gone to.
                sheet.neighbours.removeAll { !chosen.contains(LatentKey(coder: key.coder, latent: $0.latent)) }
                try write(Array(deep.latent(sheet).utf8), to: "l/\(key.coder)/\(key.latent).html")
                try write(Array(SheetJSON.text(sheet).utf8), to: "l/\(key.coder)/\(key.latent).json")
            }
            Notice.write("page", "\(keys.count) latents are in \(output); open \(output)/index.html")
        } catch {
            throw ExitCode(telling: error, of: "page")
        }
    }

    /// The latents to write, in order.
    private func chosen(in index: LatentIndex, _ stored: StoredSheets) throws -> [LatentKey] {
        if !latents.isEmpty {
            return try latents.compactMap(LatentKey.init(written:)).map { key in
                guard let known = stored.sheets.reader.coder(key.coder)?.identity, key.latent < known.latents else {
                    throw OneStageError(
                        "\(state) has no latent \(key.coder)/\(key.latent): \(stored.sheets.latents(of: key.coder))")
                }
                return key
            }
        }
        if let coder, stored.sheets.reader.coder(coder) == nil {
            throw OneStageError("\(state): \(stored.sheets.latents(of: coder))")
        }
        return index.rows.filter { row in
            !row.labels.isEmpty && (coder.map { $0 == row.coder } ?? !index.controls.contains(row.coder))
        }.map(\.key)
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: output).appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            let refusal = SystemRefusal(error)
            throw OneStageError(
                "\(file.path) cannot be written: \(refusal?.reason ?? error.localizedDescription)",
                refusal?.isOfTheMachine == true ? .machine : .data)
        }
    }
}
