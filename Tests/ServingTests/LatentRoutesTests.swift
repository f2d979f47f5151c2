import Elements
import Foundation
import StateFixtures
import Store
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct LatentRoutesTests {
    @Test func followingNextGivesEveryLatentOnceInOrder() async throws {
        try await RunningServer.with { server async throws in
            let latents = [9, 2, 30, 4, 25, 11, 7]
            try server.record(latents.map { Fixture.score($0, 0.5) })
            var found: [Int] = []
            var path: String? = "/v1/latents?limit=3"
            while let next = path {
                let page = try await server.get(next).object
                let items = page["latents"] as? [[String: Any]] ?? []
                #expect(items.count <= 3)
                found += items.compactMap { $0["latent"] as? Int }
                path = (page["next"] as? String).map { "/v1/latents?limit=3&after=\($0)" }
            }
            #expect(found == latents.sorted())
        }
    }

    @Test func aPageShowsTheLatestScoreOfEachNodeAndAllOfItsHistory() async throws {
        try await RunningServer.with { server async throws in
            try server.record([Fixture.score(7, 0.25, text: "old")])
            try server.record([Fixture.score(7, 0.75, node: "fuzzed", method: "fuzzing")])
            // Another explanation of the same latent, scored by the same node.
            let newer = Fixture.score(7, 0.875, text: "new")
            try server.record([
                Score(
                    job: Fixture.hash(999), node: newer.node, method: newer.method, coder: newer.coder, latent: 7,
                    explanation: newer.explanation, explainedBy: newer.explainedBy, text: newer.text,
                    headline: newer.headline, details: [:], judged: 40, failed: 0, tokensIn: 0, tokensOut: 0)
            ])
            try server.record([Fixture.score(8, 0.5)])
            let page = try await server.get("/v1/latents/codes/7").object
            #expect(page["state"] as? String == "scored")
            #expect(page["hookpoint"] as? String == "layers.10")
            let scores = page["scores"] as? [[String: Any]] ?? []
            #expect(scores.compactMap { $0["value"] as? Double } == [0.75, 0.875])
            #expect(scores.compactMap { $0["explanation"] as? String } == ["dates", "new"])
            let history = page["history"] as? [[String: Any]] ?? []
            #expect(history.compactMap { $0["cursor"] as? Int } == [1, 2, 3])
        }
    }

    @Test func aControlStandsApartFromTheScores() async throws {
        try await RunningServer.with { server async throws in
            try server.record([Fixture.control(7, 0.5)])
            #expect(try await server.get("/v1/latents/codes/7").object["state"] as? String == "collecting")
            try server.record([Fixture.score(7, 0.75)])
            let page = try await server.get("/v1/latents/codes/7").object
            #expect(page["state"] as? String == "scored")
            let scores = page["scores"] as? [[String: Any]] ?? []
            #expect(scores.compactMap { $0["value"] as? Double } == [0.75])
            let controls = page["controls"] as? [[String: Any]] ?? []
            #expect(controls.compactMap { $0["value"] as? Double } == [0.5])
            #expect(controls.first?["control"] as? String == "shuffled")
        }
    }

    @Test func aLatentWithoutResultsIsShownAsSuch() async throws {
        try await RunningServer.with { server async throws in
            let page = try await server.get("/v1/latents/codes/5").object
            #expect(page["state"] as? String == "collecting")
            #expect((page["scores"] as? [Any])?.isEmpty == true)
            #expect(page["evidence"] is NSNull)
        }
    }

    @Test func whatDoesNotExistIsAnsweredByWhatDoes() async throws {
        try await RunningServer.with { server async throws in
            for latent in ["24576", "-1", "x", "99999999999999999999"] {
                let answer = try await server.get("/v1/latents/codes/\(latent)")
                #expect(answer.status == 404)
                #expect(answer.message == "coder codes has latents 0 to 24575")
            }
            let answer = try await server.get("/v1/latents/coeds/1")
            #expect(answer.status == 404)
            #expect(answer.message?.contains("there are codes") == true)
            #expect(try await server.get("/v1/latents?coder=none").code == "unknown_coder")
        }
    }

    @Test(arguments: ["limit=0", "limit=501", "limit=x", "after=codes", "after=codes/x", "afetr=codes/1"])
    func aBadQueryIsRefusedByName(query: String) async throws {
        try await RunningServer.with { server async throws in
            let answer = try await server.get("/v1/latents?\(query)")
            #expect(answer.status == 400)
            #expect(answer.code == "bad_query")
            #expect(answer.message?.contains(String(query.prefix { $0 != "=" })) == true)
        }
    }
}
