import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Serving
import Store
import TerminalText

/// Follows the events of a daemon over HTTP, across its restarts.
struct HTTPFollower {
    /// The daemon's address, such as `http://127.0.0.1:8080`.
    let address: String
    let types: [EventType]
    let latents: [Int]
    /// Whether evidence that grows is told of as well.
    let tellsEvidence: Bool
    let token: String?
    /// Whether to end when there is nothing more.
    let ends: Bool
    /// Whether to go on when the daemon has gone and is there again.
    let reconnects: Bool

    /// The outcome of one connection.
    private enum Outcome {
        /// The requested number was printed, or there is nothing more.
        case finished
        /// The daemon ended it, or could not be reached; it may come back.
        case broken(String)
        /// The daemon is there but does not serve yet.
        case starting(String)
    }

    func follow(from start: EventCursor.Start, _ printer: EventPrinter) async throws {
        var events = ServerSentEvents()
        var (away, evidence) = (AwayNotice(), ToldEvidence())
        var complaint: String?
        while true {
            let outcome = try await connection(from: start, &events, &away, &evidence, printer, was: complaint)
            switch outcome {
            case .finished: return
            case .broken(let reason), .starting(let reason):
                var isOver = !reconnects
                if ends, case .broken = outcome { isOver = true }
                if isOver {
                    throw ExitCode(.temporary, telling: "\(address): \(reason)", of: "tail")
                }
                if complaint != reason { Notice.write("tail", "\(address): \(reason); waiting") }
                complaint = reason
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func connection(
        from start: EventCursor.Start, _ events: inout ServerSentEvents, _ away: inout AwayNotice,
        _ evidence: inout ToldEvidence, _ printer: EventPrinter, was complaint: String?
    ) async throws -> Outcome {
        events.reconnect()
        do {
            let response = try await DaemonClient.follower.execute(
                request(from: start, after: events.lastID), timeout: .hours(24))
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 64 << 10)
                let reason = DaemonClient.refusal(response.status, body.readableBytesView)
                if response.status == .serviceUnavailable { return .starting(reason) }
                throw ExitCode(
                    response.status == .unauthorized ? .denied : .data, telling: "\(address): \(reason)", of: "tail")
            }
            if complaint != nil { Notice.write("tail", "\(address): connected again") }
            for try await buffer in response.body {
                for event in events.take(buffer.readableBytesView) {
                    if event.name == "away" {
                        for line in away.lines(after: Self.away(event.data)) { Notice.write("tail", line) }
                    } else if event.name == "reset" {
                        Notice.write("tail", "\(address): the daemon has another state: going on from its first result")
                    } else if event.name == "evidence", !evidence.isNew(event.data) {
                        continue
                    } else if try !printer.print(event.data) {
                        return .finished
                    }
                }
                if events.isIdle {
                    guard try printer.settled(), !ends else { return .finished }
                }
            }
            return .broken("the daemon has ended the connection")
        } catch let error as ExitCode {
            throw error
        } catch let error as WriteFailure {
            throw error
        } catch {
            return .broken(DaemonClient.reason(error))
        }
    }

    private func request(from start: EventCursor.Start, after id: String?) -> HTTPClientRequest {
        var query = types.map { "type=\($0.rawValue)" } + latents.map { "latent=\($0)" }
        if tellsEvidence { query.append("type=evidence") }
        if id == nil {
            switch start {
            case .cursor(let place): query.append("cursor=\(place)")
            case .past(let past): query.append("past=\(past)")
            }
        }
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        return DaemonClient.events(of: base, query, token: token, after: id)
    }

    private struct Away: Decodable {
        struct Model: Decodable {
            let model: String
            let since: String
        }
        let away: [Model]
    }

    /// The models whose servers are away and since when; none if that cannot be read.
    private static func away(_ data: String) -> [String: String] {
        let told = (try? JSONDecoder().decode(Away.self, from: Data(data.utf8)))?.away ?? []
        return Dictionary(told.map { ($0.model, $0.since) }) { first, _ in first }
    }
}
