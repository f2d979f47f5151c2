import AsyncHTTPClient
import Dataflow
import Foundation
import NIOCore
import NIOHTTP1
import Serving
import Store

/// Has the failed jobs of what is chosen in `gloss top` tried again, as `gloss retry` does.
struct TopRetry: Sendable {
    let source: TopSource
    let subject: TopSubject
    /// How many coders there are.
    var coders = 1

    /// The environment variable with the token of `http.write_token`.
    static let variable = "GLOSS_WRITE_TOKEN"

    private struct Wanted: Encodable {
        var node: String?
        var latents: [Int]?
    }

    private struct Retried: Decodable {
        let jobs: Int
    }

    /// Asks for it; returns what comes of it, in a sentence.
    ///
    /// - Parameter writeToken: What a daemon asks for of whoever changes something; `nil` if there is none.
    /// - Throws: `OneStageError` that says what to do, or `StoreError`.
    func run(
        writeToken: String? = ProcessInfo.processInfo.environment[TopRetry.variable]
    ) async throws -> String {
        let count =
            switch source {
            case .daemon(let address, _): try await ask(address, writeToken)
            case .stored(let stored, let pool, let directory):
                try await pool.run { [self] _ in
                    let shares = stored.reader.shares
                    guard shares.isEmpty else { throw try refusal(by: shares) }
                    return try RetryRequests.add(
                        directory: directory, node: wanted.node, latents: wanted.latents ?? [])
                }
            }
        return told(count)
    }

    /// What comes of it if so many jobs are tried again.
    func told(_ count: Int) -> String {
        let name = subject.retried(among: coders)
        if count == 0 { return "no job of \(name) failed or waits for another try" }
        return "\(count) \(count == 1 ? "job" : "jobs") of \(name) \(count == 1 ? "is" : "are") tried again"
    }

    /// That each process takes what is asked of its own latents, and how it is asked.
    ///
    /// - Parameter shares: The shares of a directory.
    func refusal(by shares: [StoreReader]) throws -> OneStageError {
        var owners = shares
        let asked: String
        switch subject {
        case .latent(let key):
            owners = try shares.filter { try !$0.unfinishedJobs(about: key).isEmpty }
            asked = "--latent \(key.latent)"
        case .node(let node): asked = "--node \(node)"
        }
        guard !owners.isEmpty else { return OneStageError("no job of \(subject.name) failed or waits", .configuration) }
        let commands = owners.map { "gloss retry \($0.directory) \(asked)" }
        return OneStageError(
            "each process takes requests of its own latents: run \(commands.joined(separator: "; "))", .configuration)
    }

    private var wanted: Wanted {
        switch subject {
        case .latent(let key): Wanted(latents: [key.latent])
        case .node(let node): Wanted(node: node)
        }
    }

    private func ask(_ address: String, _ token: String?) async throws -> Int {
        guard let token, !token.isEmpty else {
            throw OneStageError(
                "to have jobs tried again, start gloss top with the daemon's http.write_token in \(Self.variable), or run "
                    + "gloss retry on its state directory", .denied)
        }
        var request = HTTPClientRequest(url: "\(address)/api/v1/retry")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(wanted)))
        let answer = try await DaemonClient.send(request, to: address, within: 30, upTo: 1 << 20)
        guard answer.status == .ok else { throw OneStageError("\(address): \(answer.refusal)", .denied) }
        return try JSONDecoder().decode(Retried.self, from: Data(answer.body)).jobs
    }
}
