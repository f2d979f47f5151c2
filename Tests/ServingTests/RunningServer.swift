import AsyncHTTPClient
import Dataflow
import Elements
import Foundation
import LatentSheets
import NIOCore
import NIOHTTP1
import Observability
import StateFixtures
import Store
import Synchronization
import Topology

@testable import Serving

/// A server at a free port of this machine, on a state that the test writes.
struct RunningServer: Sendable {
    /// An answer.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: String

        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
        }
        var code: String? { (object["error"] as? [String: Any])?["code"] as? String }
        var message: String? { (object["error"] as? [String: Any])?["message"] as? String }
    }

    let base: String
    let services: HTTPServices
    let store: Store
    let directory: TemporaryDirectory
    let progress: RunProgress

    static let limits = HTTPLimits(connections: 256, requestMilliseconds: 10_000, idleMilliseconds: 75_000)

    static func settings(_ address: String = "127.0.0.1:0", limits: HTTPLimits = limits) -> HTTPSettings {
        HTTPSettings(address: address, token: nil, limits: limits, mark: SourceMark(line: 3, column: 7))
    }

    /// Opens a server, runs a body and closes the server.
    static func with(
        token: String? = nil, isServing: Bool = true, hasResults: Bool = true, state: String = "one",
        limits: HTTPLimits = limits,
        writes: (_ directory: String) -> WriteAccess? = { _ in nil },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let progress = RunProgress()
        let metrics = RunMetrics(progress: progress, version: "1.2.3", topology: "tiny", digest: "ab")
        let services = HTTPServices(readiness: Readiness(), metrics: metrics)
        if isServing {
            let reader = try Store.reader(directory: directory.state)
            services.state.served = Served(
                reader: reader, stateName: state,
                sheets: .named([Fixture.coder], in: reader, evidence: services.latestEvidence),
                timers: [(type: "encode", timers: StageTimers(node: "codes"))], lag: { [] })
            services.readiness.phase = .running
        }
        try await serving(
            services, limits: limits, token: token, writes: writes(directory.state), hasResults: hasResults
        ) { port async throws in
            try await body(
                RunningServer(
                    base: "http://127.0.0.1:\(port)", services: services, store: store, directory: directory,
                    progress: progress))
        }
    }

    /// Serves while a body runs, which is given the port.
    static func serving(
        _ services: HTTPServices, limits: HTTPLimits = limits, token: String? = nil, writes: WriteAccess? = nil,
        hasResults: Bool = true, _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let server = try await HTTPServer.start(
            at: settings(limits: limits),
            router: services.router(host: "127.0.0.1", token: token, writes: writes, hasResults: hasResults),
            descriptors: 4096)
        do {
            try await body(server.port)
        } catch {
            await server.close()
            throw error
        }
        services.changes.close()
        await server.close()
    }

    /// Asks for a path.
    func get(_ path: String, method: HTTPMethod = .GET, headers: [(String, String)] = []) async throws -> Answer {
        try await send(method, path, headers: headers)
    }

    /// Sends a body to a path.
    func post(_ path: String, body: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send(.POST, path, headers: headers, body: body)
    }

    /// Sends a request by a client, which follows redirects or does not.
    func send(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)], body: String? = nil,
        by client: HTTPClient = .shared
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(20))
        let text = try await response.body.collect(upTo: 8 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, body: String(buffer: text))
    }

    /// Follows the events until `until` of the text says that it is enough; returns all that came.
    func events(
        _ path: String, headers: [(String, String)] = [], until isEnough: (String) async throws -> Bool
    ) async throws -> String {
        var request = HTTPClientRequest(url: base + path)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        var text = ""
        for try await buffer in response.body {
            text += String(buffer: buffer)
            if try await isEnough(text) { break }
        }
        return text
    }

    /// Writes scores down and rings, as the daemon does.
    func record(_ scores: [Score]) throws {
        try store.record(scores: scores)
        services.changes.send()
    }
}

/// The cursors of server-sent events, in order.
func cursors(in text: String) -> [Int] {
    text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap { line in
        line.split(separator: ":").last.flatMap { Int($0) }
    }
}

extension ServedSheets {
    /// Sheets of coders of which no file is at hand.
    static func named(
        _ coders: [CoderIdentity], in reader: StoreReader, evidence: LatestEvidence = LatestEvidence()
    ) -> ServedSheets {
        ServedSheets(
            store: reader, coders: coders.map { NamedCoder(identity: $0, isRandom: false) },
            evidence: { evidence.update(of: $0) })
    }
}
