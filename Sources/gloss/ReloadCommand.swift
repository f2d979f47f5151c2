import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Store
import TerminalText

/// Has a running daemon read its topology file again.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Has a running daemon read its topology file again, and take what may change while it runs.",
        discussion: """
            Explain nodes, score nodes, sinks, the budget and how servers of models are asked may change; all else is refused \
            with its line and column, and what ran goes on. Over HTTP the token of `http.write_token` is taken from the variable \
            GLOSS_WRITE_TOKEN, and the outcome is printed; of a state directory the daemon is sent SIGHUP, and its log tells.
            """)

    @Argument(help: "The daemon, such as http://127.0.0.1:8080, or a state directory as `state.directory` names it.")
    var daemon: String

    func run() async throws {
        do {
            if daemon.hasPrefix("http://") || daemon.hasPrefix("https://") {
                try await ask()
            } else {
                try signal()
            }
        } catch {
            throw ExitCode(telling: error, of: "reload")
        }
    }

    private func signal() throws {
        guard let process = try StateHolder.process(of: daemon) else {
            throw ExitCode(.temporary, telling: "no daemon runs on \(daemon)", of: "reload")
        }
        guard kill(process, SIGHUP) == 0 else {
            throw ExitCode(
                .denied, telling: "process \(process), which runs on \(daemon), takes no signal from you", of: "reload")
        }
        try Terminal.print("process \(process) reads its topology file again; its log tells what comes of it")
    }

    private func ask() async throws {
        let base = daemon.hasSuffix("/") ? String(daemon.dropLast()) : daemon
        var request = HTTPClientRequest(url: "\(base)/api/v1/reload")
        request.method = .POST
        if let token = ProcessInfo.processInfo.environment["GLOSS_WRITE_TOKEN"] {
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        // What runs has fifteen seconds to finish the jobs under way.
        let answer = try await DaemonClient.send(request, to: base, within: 180, upTo: 1 << 20)
        let (status, body) = (answer.status, String(decoding: answer.body, as: UTF8.self))
        guard status == .ok else {
            let reason = answer.refusal
            let findings = ReloadAnswer.findings(in: body).map { "\n  \($0)" }.joined()
            let kind: FailureKind =
                switch status {
                case .unprocessableEntity: .configuration
                case .unauthorized, .forbidden: .denied
                case .methodNotAllowed, .notFound: .configuration
                default: .temporary
                }
            throw ExitCode(kind, telling: "\(daemon): \(reason)\(findings)", of: "reload")
        }
        for line in ReloadAnswer.lines(of: body) { try Terminal.print(line) }
    }
}

/// What a daemon answers that was asked to read its file again.
enum ReloadAnswer {
    private struct Taken: Decodable {
        struct Change: Decodable { let change: String }
        let outcome: String
        let changes: [Change]
    }

    private struct Refused: Decodable {
        struct Finding: Decodable {
            let code: String
            let message: String
            let help: String?
            let line: Int?
            let column: Int?
        }
        let diagnostics: [Finding]
    }

    /// What a person is told of a file that was taken.
    static func lines(of body: String) -> [String] {
        guard let taken = try? JSONDecoder().decode(Taken.self, from: Data(body.utf8)) else { return [body] }
        guard taken.outcome == "applied" else { return ["nothing has changed: the file says what runs"] }
        return ["the file was read again and runs now:"] + taken.changes.map { "  \(PlainText.line($0.change))" }
    }

    /// The faults of a file that was refused, a line each.
    static func findings(in body: String) -> [String] {
        guard let refused = try? JSONDecoder().decode(Refused.self, from: Data(body.utf8)) else { return [] }
        return refused.diagnostics.map { finding in
            let place = [finding.line, finding.column].compactMap { $0.map(String.init) }.joined(separator: ":")
            let help = finding.help.map { "; \($0)" } ?? ""
            return PlainText.line("\(place.isEmpty ? "" : "\(place): ")\(finding.code) \(finding.message)\(help)")
        }
    }
}
