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
            Follows a daemon over HTTP, or a state directory on this machine, where a daemon need not run; every option does the \
            same for both. Of a directory that holds the shares of several processes it follows all. Results on stdout, notices on stderr. A daemon that asks for a token is sent that in the environment \
            variable GLOSS_TOKEN.

            --where takes comparisons of members of the JSON, such as 'value < .6 and method = detection', with and, or, not, \
            parentheses, and = != < <= > >= ~ (contains).
            """)

    @Argument(
        help: """
            The daemon, such as http://127.0.0.1:8080, or a state directory as `state.directory` names it; by default that of \
            --topology.
            """)
    var from: String?

    @Option(
        help: """
            The topology file of a state directory, by which --evidence reads the counts of latents; by default the one by which it \
            was last worked on.
            """)
    var topology: String?

    @Flag(name: [.long, .customLong("score")], help: "Print scores.")
    var scores = false

    @Flag(name: [.long, .customLong("explain")], help: "Print explanations.")
    var explanations = false

    @Flag(name: [.long, .customLong("fail")], help: "Print jobs that were given up.")
    var failures = false

    @Flag(
        help: """
            Print how evidence grows, once a checkpoint; with --latent also the windows and the largest activation of those that are \
            named.
            """)
    var evidence = false

    @Flag(help: "Print results of every type, as without any of these.")
    var all = false

    @Flag(help: "Print each result as a JSON object with its cursor, as --output json does.")
    var json = false

    @Option(
        name: [.customShort("o"), .long],
        help: "How results are written: text, json, logfmt or pretty. (A number is taken as that of --offset.)")
    var output: String?

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("Write results so: \(EventFormat.letters).", valueName: "format"))
    var format: String?

    @Option(
        help: """
            Print results of these latents only: a number, coder/number, a pattern such as 'codes/1*', or a file with one a line; \
            may be repeated.
            """)
    var latent: [String] = []

    @Option(name: .customLong("where"), help: "Print results for which this holds only.")
    var condition: String?

    @Option(help: "Print scores only that differ by so much from the one before, of the same latent by the same node.")
    var changed: Double?

    @Option(name: [.customShort("n"), .long], help: "Print this many past results first.")
    var offset: Int?

    @Option(help: "Print past results of this time first: so many s, m, h or d, such as 10m.")
    var since: String?

    @Option(
        help: """
            Go on after this cursor, which an earlier --json told: a number, or one for each share, such as 12-40-7-9; 0 is before \
            the first result.
            """)
    var sinceCursor: String?

    @Option(name: [.customShort("c"), .long], help: "End after this many lines.")
    var count: Int?

    @Flag(name: [.customShort("e"), .long], help: "End when there is nothing more.")
    var end = false

    @Flag(inversion: .prefixedNo, help: "Go on when the daemon has gone and comes again.")
    var reconnect = true

    /// The past results that are looked at for those that are wanted.
    private static let longestPast = 100_000

    func validate() throws {
        if let past, past < 0 { throw ValidationError("--offset needs a number of at least 0") }
        if offset != nil, output.flatMap({ Int($0) }) != nil {
            throw ValidationError("give -n or -o with a number, not both")
        }
        if from == nil, topology == nil { throw ValidationError("give a daemon, a state directory, or --topology") }
        if let sinceCursor, EventPlace(sinceCursor) == nil {
            throw ValidationError(
                "--since-cursor needs a number of at least 0, or one for each share, such as 12-40-7-9")
        }
        if let count, count < 1 { throw ValidationError("--count needs a number of at least 1") }
        if past != nil, sinceCursor != nil { throw ValidationError("give --offset or --since-cursor, not both") }
        if since != nil, sinceCursor != nil { throw ValidationError("give --since or --since-cursor, not both") }
        if let changed, !(changed >= 0) { throw ValidationError("--changed needs a number of at least 0") }
        _ = try form()
        _ = try selection()
    }

    func run() async throws {
        do {
            try await follow()
        } catch {
            throw ExitCode(telling: error, of: "tail")
        }
    }

    private func follow() async throws {
        guard let from = try TopologyLoading.directory(from, of: topology) else { return }
        let selection = try selection()
        let isServers = selection.isServers
        let printer = EventPrinter(
            form: try form(), selection: selection, past: isServers ? nil : past, count: count)
        let start: EventCursor.Start =
            if let place = sinceCursor.flatMap({ EventPlace($0) }) {
                .cursor(place)
            } else if since != nil || !isServers && (past ?? 0) > 0 {
                .past(Self.longestPast)
            } else {
                .past(past ?? 0)
            }
        let numbers = selection.latents.candidates ?? []
        if from.hasPrefix("http://") || from.hasPrefix("https://") {
            try await HTTPFollower(
                address: from, types: types, latents: numbers, tellsEvidence: evidence,
                token: ProcessInfo.processInfo.environment["GLOSS_TOKEN"], ends: end, reconnects: reconnect
            ).follow(from: start, printer)
        } else {
            // Whoever asks for evidence alone gets no results.
            let filter = EventFilter(
                types: types.isEmpty && !evidence ? nil : Set(types), latents: numbers.isEmpty ? nil : Set(numbers))
            try await DirectoryFollower(
                directory: from, topology: topology, filter: filter,
                evidence: evidence ? EvidenceFollower(latents: Set(numbers)) : nil, ends: end, reconnects: reconnect
            ).follow(from: start, printer)
        }
    }

    /// How many past results are wanted.
    private var past: Int? { offset ?? output.flatMap { Int($0) } }

    private var types: [EventType] {
        let chosen: [(isChosen: Bool, type: EventType)] = [
            (scores, .score), (explanations, .explanation), (failures, .failure),
        ]
        // Beside evidence each type has to be named.
        if all { return evidence ? EventType.followed : [] }
        return chosen.filter(\.isChosen).map(\.type)
    }

    private func form() throws(ValidationError) -> EventForm {
        let name = output.flatMap { Int($0) == nil ? $0 : nil }
        if let format {
            guard !json, name == nil else { throw ValidationError("give one of --format, --json and --output") }
            do {
                return .format(try EventFormat(format))
            } catch {
                throw ValidationError("--format: \(error)")
            }
        }
        guard let name else { return json ? .json : .text }
        guard !json || name == "json" else { throw ValidationError("give one of --format, --json and --output") }
        switch name {
        case "text": return .text
        case "json": return .json
        case "logfmt": return .logfmt
        case "pretty": return .pretty(width: Terminal.width)
        default: throw ValidationError("--output needs text, json, logfmt or pretty, not \(name)")
        }
    }

    private func selection() throws(ValidationError) -> EventSelection {
        let names: LatentNames
        var asked: EventCondition?
        do {
            names = try LatentNames(latent)
        } catch {
            throw ValidationError("--latent: \(error)")
        }
        do {
            asked = try condition.map { text throws(EventCondition.Fault) in try EventCondition(text) }
        } catch {
            throw ValidationError("--where: \(error)")
        }
        return EventSelection(latents: names, condition: asked, change: changed, since: try earliest())
    }

    /// The time that `--since` means.
    private func earliest() throws(ValidationError) -> Date? {
        guard let since else { return nil }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = since.last.flatMap({ units[$0] }), let number = Double(since.dropLast()), number >= 0,
            number.isFinite
        else { throw ValidationError("--since needs a length of time such as 30s, 10m, 2h or 1d, not \(since)") }
        return Date(timeIntervalSinceNow: -number * unit)
    }
}
