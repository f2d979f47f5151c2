import Elements
import Foundation
import JSONText
import Observability
import StateFixtures
import StateNotes
import Store
import Testing

@testable import Serving

/// What is served of several processes' shares, against what is served of one state that holds the same.
@Suite(.timeLimit(.minutes(5))) struct JoinedServerTests {
    private let state: PartedState

    init() throws {
        state = try PartedState(4)
        let scored = (0..<40).filter { $0 % 3 == 0 }
        try state.record(
            explanations: (0..<40).map { Fixture.explanation(UInt64($0), latent: $0) },
            scores: scored.map { Fixture.score($0, 0.5 + Double($0) / 100, explainedBy: "lexical") })
        let jobs = (50..<60).map { Fixture.job(UInt64($0)) }
        try state.insert(jobs, failing: [jobs[2].id: "no answer", jobs[5].id: "no answer"])
    }

    /// Serves a state, or all shares in a directory, while a body runs.
    private func serving(_ directory: String, _ body: (RunningServer) async throws -> Void) async throws {
        let metrics = RunMetrics(progress: RunProgress(), version: "1.2.3", topology: "tiny", digest: "ab")
        let services = HTTPServices(readiness: Readiness(), metrics: metrics)
        let reader = try Store.joinedReader(directory: directory)
        services.state.served = Served(
            reader: reader, stateName: "one", sheets: .named([Fixture.coder], in: reader), timers: [], lag: { [] })
        services.readiness.phase = .running
        try await RunningServer.serving(services) { port async throws in
            try await body(
                RunningServer(
                    base: "http://127.0.0.1:\(port)", services: services, store: state.whole,
                    directory: try TemporaryDirectory(), progress: RunProgress()))
        }
    }

    private func answers(of directory: String, _ paths: [String]) async throws -> [String] {
        var bodies: [String] = []
        try await serving(directory) { server async throws in
            for path in paths {
                let answer = try await server.get(path)
                #expect(answer.status == 200, "\(path)")
                bodies.append(answer.body)
            }
        }
        return bodies
    }

    @Test func pagesAndListsAreThoseOfOneState() async throws {
        let latents = [0, 1, 2, 3, 17, 52, 55, 100]
        let paths =
            ["/", "/latents", "/failures", "/compare", "/api/v1/overview", "/api/v1/latents?limit=100", "/latents?q=7"]
            + ["/api/v1/latents?sort=score&desc=1", "/api/v1/latents?state=failed", "/api/v1/latents?id=codes/5"]
            + latents.map { "/l/codes/\($0)" } + latents.map { "/api/v1/latents/codes/\($0)" }
            + ["/api/v1/scores/\(Fixture.score(3, 0.53, explainedBy: "lexical").job)"]
        let (whole, joined) = (try await answers(of: state.wholePath, paths), try await answers(of: state.path, paths))
        for (path, (one, other)) in zip(paths, zip(whole, joined)) { #expect(one == other, "\(path)") }
    }

    @Test func resultsAreThoseOfOneStateWithoutNumbersOfTheirShares() async throws {
        let latents = [0, 1, 2, 3, 17, 52, 100]
        let paths =
            ["/v1/latents", "/v1/latents?limit=7", "/v1/latents?after=codes/13&limit=5"]
            + latents.map { "/v1/latents/codes/\($0)" }
        let cursor = try Regex(",\"cursor\":[0-9]+")
        let whole = try await answers(of: state.wholePath, paths).map { $0.replacing(cursor, with: "") }
        let joined = try await answers(of: state.path, paths)
        for (path, (one, other)) in zip(paths, zip(whole, joined)) { #expect(one == other, "\(path)") }
        #expect(whole[0].contains("\"failures\":[{"))
    }

    @Test func metricsOfTheStateAddUp() async throws {
        func figures(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter {
                $0.hasPrefix("gloss_latents{") || $0.hasPrefix("gloss_score_mean") || $0.hasPrefix("gloss_outbox")
            }
        }
        let whole = figures(try await answers(of: state.wholePath, ["/metrics"])[0])
        #expect(try await figures(answers(of: state.path, ["/metrics"])[0]) == whole && whole.count > 8)
    }

    @Test func aClientThatComesAgainGetsTheRestAndNothingTwice() async throws {
        func ids(_ text: String) -> [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
        }
        try await serving(state.path) { server async throws in
            let first = try await server.events("/v1/events?cursor=0") { $0.contains(": \n\n") }
            let all = ids(first)
            #expect(all.count == 56 && Set(all).count == 56)
            for place in [0, 20, 54] {
                let rest = try await server.events("/v1/events", headers: [("Last-Event-ID", all[place])]) {
                    $0.contains(": \n\n")
                }
                #expect(ids(rest) == Array(all.dropFirst(place + 1)) && !rest.contains("event: reset"))
            }
            let place = String(all[54].dropFirst("one:".count))
            let last = try await server.events("/v1/events?cursor=\(place)") { $0.contains(": \n\n") }
            #expect(ids(last) == [all[55]] && last.contains("\"cursor\":\"\(all[55].dropFirst(4))\"}"))
            // An id of one process' state, as from before the work was shared.
            let other = try await server.events("/v1/events", headers: [("Last-Event-ID", "one:3")]) {
                $0.contains(": \n\n")
            }
            #expect(other.hasPrefix("event: reset\n") && ids(other) == all)
        }
    }

    private func note(_ share: Int, epoch: UInt64, tokens: UInt64, fired: [Int]) throws {
        let latents = fired.map { latent in
            LatentEvidence(
                latent: latent,
                statistics: LatentStatistics(
                    tokensFired: epoch, windowsFired: epoch, sum: 1, sumOfSquares: 1, maximum: 2, histogram: []),
                train: [], top: [], test: [], recent: [])
        }
        let view = FixedView(totals: StreamTotals(tokens: tokens, contexts: 1, windows: 1), latents)
        try state.shares[share].commit(CheckpointCommit(epoch: epoch))
        try EvidenceNote.notes.write(
            EvidenceNote(node: "evidence", view: view, epoch: epoch, changed: 1), of: "evidence",
            to: state.shares[share])
    }

    @Test func evidenceIsToldOfAllTogetherOnceAnyShareHasMore() throws {
        let reader = try Store.joinedReader(directory: state.path)
        var follower = EvidenceFollower(latents: [5])
        var asked: [UInt64?] = []
        func next() throws -> [JSONValue] {
            try follower.next(in: reader) {
                { key, epoch in
                    asked.append(epoch)
                    return key.latent == 5 ? FixedView().statistics(of: 5) : nil
                }
            }.map { try JSONValue(json: Array($0.utf8), repeatedNames: .refused) }
        }
        for share in 0..<3 { try note(share, epoch: 3, tokens: 100, fired: [share]) }
        #expect(try next().isEmpty)
        try note(3, epoch: 9, tokens: 100, fired: [3, 7])
        let first = try next()
        #expect(first.map { $0["fired"]?.integer } == [5, nil] && first[0]["tokens"]?.integer == 100)
        #expect(first[0]["changed"] == nil && first[1]["latent"]?.integer == 5)
        #expect(try next().isEmpty)
        try note(1, epoch: 4, tokens: 100, fired: [1, 5])
        #expect(try next().map { $0["fired"]?.integer } == [6])
        // The processes have no epoch in common.
        #expect(asked == [nil, nil])
    }
}
