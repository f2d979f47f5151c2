import Elements
import Observability
import StateFixtures
import Store
import Testing

@testable import Serving

/// What may be asked of `/v1/latents`.
@Suite(.timeLimit(.minutes(5))) struct LatentQueryTests {
    @Test func aQueryThatCannotBeReadIsAnsweredByWhatCan() async throws {
        let limit = "`limit` must be a whole number from 1 to 500"
        func after(_ text: String) -> (String, String) {
            ("after=\(text)", "`after` must be a coder and a number, such as codes/17, and not `\(text)`")
        }
        let cases = [
            ("limit=0", limit), ("limit=501", limit), ("limit=-1", limit), ("limit=1e2", limit),
            after("codes"), after("codes/"), after("codes/1.5"), after("x/-1"), after("/1"),
            ("offset=3", "`offset` is not known here: there are after, coder, limit"),
        ]
        try await RunningServer.with { server async throws in
            for (query, message) in cases {
                let answer = try await server.get("/v1/latents?\(query)")
                #expect(answer.status == 400 && answer.code == "bad_query", "\(query)")
                #expect(answer.message == message, "\(query)")
            }
            for query in ["limit=1", "limit=500", "after=codes/17", "after=a/b/17", "limit=&after=", "coder=codes"] {
                #expect(try await server.get("/v1/latents?\(query)").status == 200, "\(query)")
            }
        }
    }

    @Test func aPageHasAHundredUnlessAnotherNumberIsAskedFor() async throws {
        try await RunningServer.with { server async throws in
            try server.record((0..<120).map { Fixture.score($0, 0.5) })
            for (query, count, next) in [
                ("", 100, "codes/99"), ("?limit=119", 119, "codes/118"), ("?limit=121", 120, nil),
                ("?after=codes/99", 20, nil),
            ] {
                let page = try await server.get("/v1/latents\(query)").object
                #expect((page["latents"] as? [Any])?.count == count, "\(query)")
                #expect(page["next"] as? String == next, "\(query)")
            }
        }
    }

    @Test func aCoderThatThereIsNotIsAnsweredByThoseThatThereAre() async throws {
        func identity(_ name: String) -> CoderIdentity {
            CoderIdentity(name: name, hookpoint: "layers.1", latents: 4, digest: Fixture.hash(9))
        }
        let unknown = "no node of that id gives codes: "
        try await RunningServer.with { server async throws in
            let own = try #require(server.services.state.served)
            for (coders, message) in [
                ([], "there is none"), (["one"], "there are one"), (["two", "cached"], "there are cached, two"),
            ] {
                server.services.state.served = Served(
                    reader: own.reader, stateName: "one", sheets: .named(coders.map(identity), in: own.reader),
                    timers: [], lag: { [] })
                for path in ["/v1/latents?coder=x", "/v1/latents/x/1"] {
                    let answer = try await server.get(path)
                    #expect(answer.status == 404 && answer.code == "unknown_coder")
                    #expect(answer.message == unknown + message)
                }
            }
            for (latent, status) in [("0", 200), ("3", 200), ("4", 404), ("3.0", 404), ("-1", 404)] {
                #expect(try await server.get("/v1/latents/cached/\(latent)").status == status, "\(latent)")
            }
            #expect(
                try await server.get("/v1/latents/cached/4").message == "coder cached has latents 0 to 3")
        }
    }
}
