import ArgumentParser
import Foundation
import Serving
import Store

/// Prints results as they come.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Prints results as they come, one a line; goes on when the daemon is restarted.",
        discussion: """
            Follows a daemon over HTTP, or a state directory on this machine, where a daemon need not run. Without \
            --scores, --explanations or --failures, all of them. Results on stdout, notices on stderr. A daemon that \
            asks for a token is sent that in the environment variable GLOSS_TOKEN.
            """)

    @Argument(help: "The daemon, such as http://127.0.0.1:8080, or a state directory as `state.directory` names it.")
    var from: String

    @Flag(help: "Print scores.")
    var scores = false

    @Flag(help: "Print explanations.")
    var explanations = false

    @Flag(help: "Print jobs that were given up.")
    var failures = false

    @Flag(help: "Print each result as a JSON object with its cursor.")
    var json = false

    @Option(help: "Print results of this latent only; may be repeated.")
    var latent: [Int] = []

    @Option(name: [.customShort("o"), .long], help: "Print this many past results first.")
    var offset: Int?

    @Option(help: "Go on after this cursor, which an earlier --json told.")
    var sinceCursor: Int64?

    @Option(name: [.customShort("c"), .long], help: "End after this many lines.")
    var count: Int?

    @Flag(name: [.customShort("e"), .long], help: "End when there is nothing more.")
    var end = false

    func validate() throws {
        if let offset, offset < 0 { throw ValidationError("--offset needs a number of at least 0") }
        if let sinceCursor, sinceCursor < 0 { throw ValidationError("--since-cursor needs a number of at least 0") }
        if let count, count < 1 { throw ValidationError("--count needs a number of at least 1") }
        if offset != nil, sinceCursor != nil { throw ValidationError("give --offset or --since-cursor, not both") }
        if let latent = latent.first(where: { $0 < 0 }) { throw ValidationError("there is no latent \(latent)") }
    }

    func run() async throws {
        do {
            try await follow()
        } catch {
            throw ExitCode(telling: error, of: "tail")
        }
    }

    private func follow() async throws {
        let printer = EventPrinter(json: json, count: count)
        let start = sinceCursor.map(EventCursor.Start.cursor) ?? .past(offset ?? 0)
        if from.hasPrefix("http://") || from.hasPrefix("https://") {
            try await HTTPFollower(
                address: from, types: types, latents: latent, token: ProcessInfo.processInfo.environment["GLOSS_TOKEN"],
                ends: end
            ).follow(from: start, printer)
        } else {
            let filter = EventFilter(
                types: types.isEmpty ? nil : Set(types), latents: latent.isEmpty ? nil : Set(latent))
            try await DirectoryFollower(directory: from, filter: filter, ends: end).follow(from: start, printer)
        }
    }

    private var types: [EventType] {
        let chosen: [(isChosen: Bool, type: EventType)] = [
            (scores, .score), (explanations, .explanation), (failures, .failure),
        ]
        return chosen.filter(\.isChosen).map(\.type)
    }
}
