import ArgumentParser
import Foundation
import LatentSheets
import Serving

/// Shows how a topology and its latents stand, again and again.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract:
            "Shows how a running topology and its latents stand, on the whole screen; q ends it, ? lists its keys.",
        discussion: """
            Reads from a daemon over HTTP, or from a state directory, where a daemon need not run; of a topology file the \
            daemon is asked if it answers, else its state directory is read, as it is in any case with --topology alone. Of a \
            directory that holds the shares of several processes it shows the latents of all. --once prints one frame without control sequences, \
            for pipes, screen readers and cron; --json prints the values. A daemon that asks for a token is sent that in the \
            environment variable GLOSS_TOKEN.
            """)

    @Argument(
        help: """
            The daemon; or a state directory; or a topology file. By default the state directory of --topology, or without that \
            http://127.0.0.1:8080.
            """)
    var from: String?

    @Flag(help: "Print one frame as text, and end.")
    var once = false

    @Flag(help: "Print what a frame is made of as one JSON object, and end.")
    var json = false

    @Option(help: "The seconds between two readings.")
    var every = 2.0

    @Option(help: "With --once or --json, how many latents are listed.")
    var latents = 20

    @Option(help: "The topology file of a state directory; by default the one by which it was last worked on.")
    var topology: String?

    func validate() throws {
        guard (0.5...3600).contains(every) else { throw ValidationError("--every needs 0.5 to 3600 seconds") }
        guard (1...500).contains(latents) else { throw ValidationError("--latents needs a number from 1 to 500") }
        if once, json { throw ValidationError("give --once or --json, not both") }
    }

    func run() async throws {
        do {
            if once || json { return try await printOnce() }
            guard !Terminal.isDumb, let screen = Screen() else {
                throw OneStageError(
                    Terminal.isDumb
                        ? "TERM=dumb names a terminal without a screen: give --once for a frame as text, or --json"
                        : "standard input or output is no terminal: give --once for a frame as text, or --json",
                    .configuration)
            }
            let place = try await place()
            let source = try TopSource(place)
            let first = try await source.reading(TopState(every: every).query)
            try await TopRun(
                source: source, place: place.name, screen: screen, hasColour: Terminal.markForm == .coloured
            ).run(from: first, every: every)
        } catch {
            throw ExitCode(telling: error, of: "top")
        }
    }

    private func place() async throws -> SheetSource {
        let directory = try TopologyLoading.directory(from, of: topology)
        return try await SheetSource.found(at: directory ?? "http://127.0.0.1:8080", topology: topology)
    }

    private func printOnce() async throws {
        let place = try await place()
        let state = TopState(every: every)
        var query = state.query
        query.limit = latents
        let reading = try await TopSource(place).reading(query)
        guard !json else { return try Terminal.print(json: SheetJSON.text(reading)) }
        let look = TopLook(width: Terminal.width, isASCII: Terminal.isDumb)
        let frame = TopFrame(look: look, place: place.name, reading: reading, state: state)
        try Terminal.print(frame.lines.map(\.text).joined(separator: "\n"))
    }
}
