import Elements
import Foundation
import RuleJudgeServer
import Store
import Testing

/// Whole runs whose explainer and judges are behind an endpoint.
@Suite(.timeLimit(.minutes(10))) struct EndpointTests {
    private static let key = "sk-planted-0123456789abcdef"

    @Test func anEndpointExplainsAndScoresAndItsKeyIsNowhere() async throws {
        let server = try await RuleJudgeServer.start(key: Self.key)
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "good", corpus: subject.corpus(documents: 60), port: server.port, key: true)
        let run = try await EndpointRun.run(topology, state: subject.state("good"), key: Self.key)
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.count(.failed) == 0 && run.count(.open) == 0)
        let reader = try Store.reader(directory: subject.state("good"))
        let prose = try reader.explanations().filter { $0.node == "prose" }
        #expect(!prose.isEmpty && prose.allSatisfy { $0.text.hasPrefix("Contains \"") })
        #expect(run.scores["detected", default: 0] > prose.count)
        #expect(run.scores["fuzzed"] == prose.count)
        let scores = try reader.scores().filter { $0.node != "executed" }
        #expect(scores.allSatisfy { $0.headline != nil && $0.failed == 0 })
        let judged = server.requests.compactMap(\.chat).filter { !$0.system.contains("[EXPLANATION]") }
        #expect(scores.reduce(0) { $0 + $1.tokensIn } == judged.reduce(0) { $0 + $1.words })
        #expect(server.requests.count == judged.count + prose.count)
        #expect(server.requests.allSatisfy { $0.authorization == "Bearer \(Self.key)" })
        for text in [run.errors, run.table, run.json] { #expect(!text.contains(Self.key)) }
        #expect(try filesHolding(Self.key, under: subject.state("good")).isEmpty)
        await server.stop()
    }

    @Test func aRefusalThatRepeatsTheKeyDoesNotSpreadIt() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(401, body: #"{"error":{"message":"no such key: \#(Self.key)"}}"#))
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "refused", corpus: subject.corpus(documents: 60), port: server.port, key: true)
        let run = try await EndpointRun.run(topology, state: subject.state("refused"), key: Self.key)
        #expect(run.status == 69)
        let reason = try #require(run.reasons("prose").first)
        #expect(reason.hasSuffix("rule at \(server.endpoint): the endpoint answered 401: no such key: (redacted)"))
        for text in [run.errors, run.table, run.json] { #expect(!text.contains(Self.key)) }
        #expect(try filesHolding(Self.key, under: subject.state("refused")).isEmpty)
        await server.stop()
    }

    @Test func verdictsCanBeAskedForAsProbabilities() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        let topology = try subject.endpointTopology(
            "weighed", corpus: corpus, port: server.port, answers: "probabilities")
        #expect(try GlossProgram().run(["validate", topology]).status == 0)
        let run = try await EndpointRun.run(topology, state: subject.state("weighed"))
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.count(.failed) == 0)
        let scores = try Store.reader(directory: subject.state("weighed")).scores().filter { $0.node != "executed" }
        #expect(!scores.isEmpty && scores.allSatisfy { $0.details["auroc"] != nil })
        // One token a verdict; windows by which the judge is calibrated are asked about besides, and recent ones that the sample
        // of all time does not hold.
        for score in scores {
            let logits = try #require(score.logits)
            let asked = score.judged + logits.trainPositives.count + logits.trainNegatives.count
            #expect((asked...asked + 3).contains(score.tokensOut), "\(score.latent)")
        }
        let judged = server.requests.compactMap(\.chat).filter { !$0.system.contains("[EXPLANATION]") }
        #expect(judged.allSatisfy { $0.max_tokens == 1 && $0.logprobs == true && $0.top_logprobs == 20 })

        server.expect(then: .judges(RuleJudging(), .ignored))
        let without = try subject.endpointTopology(
            "without", corpus: corpus, port: server.port, answers: "probabilities")
        let failed = try await EndpointRun.run(without, state: subject.state("without"))
        #expect(failed.status == 69)
        let reasons = failed.reasons("detected")
        #expect(!reasons.isEmpty)
        #expect(reasons.allSatisfy { $0.contains("rule at \(server.endpoint)") && $0.contains("`answers: list`") })
        #expect(failed.scores["executed"] == run.scores["executed"])
        await server.stop()
    }

    @Test func aJudgeThatSaysTheOppositeGetsTheOppositeScores() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        var values: [[String: Double]] = []
        for (name, bent) in [("truthful", RuleJudging.Bent.truthful), ("inverted", .inverted)] {
            server.expect(then: .judges(RuleJudging(bent)))
            let topology = try subject.endpointTopology(name, corpus: corpus, port: server.port)
            let run = try await EndpointRun.run(topology, state: subject.state(name))
            try #require(run.status == 0 && run.count(.failed) == 0, "\(run.errors)")
            let scores = try Store.reader(directory: subject.state(name)).scores().filter { $0.node != "executed" }
            values.append(scores.reduce(into: [:]) { $0["\($1.job)"] = $1.headline?.value })
        }
        let (truthful, inverted) = (values[0], values[1])
        #expect(!truthful.isEmpty && Set(truthful.keys) == Set(inverted.keys))
        for (job, value) in truthful { #expect(abs(value + (inverted[job] ?? 9) - 1) < 1e-9) }
        // The windows are short and the tokens shorter, so most rules hold everywhere, and none more often in the wrong
        // windows than in the right ones.
        #expect(truthful.values.reduce(0, +) > inverted.values.reduce(0, +))
        await server.stop()
    }

    /// Ways in which an endpoint is away or fails, and what is said of each.
    private static let failures: [(JudgeBehaviour?, String)] = [
        (nil, "rule at %: the endpoint cannot be reached: Connection refused"),
        (.answers(503, body: "down for repairs"), "the endpoint answered 503: down for"),
        (.waits, "no answer within 0.3 seconds"),
        (.answers(200, body: "<html>"), "the endpoint's answer is no whole JSON: <html>"),
    ]

    @Test(arguments: 0..<4)
    func anEndpointThatIsAwayIsNamedAndCostsNothingElse(failure: Int) async throws {
        let (behaviour, words) = Self.failures[failure]
        let server = try await RuleJudgeServer.start()
        if let behaviour { server.expect(then: behaviour) } else { await server.stop() }
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "failing", corpus: subject.corpus(documents: 60), port: server.port,
            timeout: words.contains("0.3") ? "300ms" : "20s")
        let run = try await EndpointRun.run(topology, state: subject.state("failing"), patience: 1)
        // Nothing is used up: the next start does what is open.
        #expect(run.status == 75, "\(run.errors)")
        #expect(run.count(.failed) == 0 && run.count(.open) > 0)
        #expect(run.scores["executed", default: 0] > 0)
        #expect(run.scores["detected"] == nil && run.scores["fuzzed"] == nil)
        let reason = words.replacing("rule at %: ", with: "")
        let notice = run.errors.split(separator: "\n").first { $0.contains(" [judge] the server is away") }
        #expect(notice?.contains(reason) == true, "\(run.errors)")
        #expect(run.errors.contains("left, since a server was away for longer than this run waits"))
        if behaviour != nil { await server.stop() }
    }

    @Test func anEndpointThatRefusesIsNamedAndItsJobsHaveFailed() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(400, body: "no such model"))
        let subject = try TinySubject()
        let topology = try subject.endpointTopology(
            "refusing", corpus: subject.corpus(documents: 60), port: server.port)
        let run = try await EndpointRun.run(topology, state: subject.state("refusing"))
        #expect(run.status == 69, "\(run.errors)")
        #expect(run.count(.open) == 0 && run.scores["executed", default: 0] > 0)
        let reason = "refused: rule at \(server.endpoint): the endpoint answered 400: no such model"
        for node in ["prose", "detected"] {
            #expect(!run.reasons(node).isEmpty && run.reasons(node).allSatisfy { $0.contains(reason) }, "\(node)")
            #expect(run.table.contains("\(run.reasons(node).count) jobs of \(node) are failed"))
            let notice = run.errors.split(separator: "\n").first { $0.contains(" [\(node)] ") }
            #expect(notice?.contains(reason) == true, "\(run.errors)")
        }
        // The table is as wide as a terminal.
        let words = run.table.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains(reason) && run.json.contains("are failed") == false)
        #expect(run.json.replacing("\\/", with: "/").contains(reason))
        await server.stop()
    }

    @Test func theNextStartDoesWhatTheEndpointLeftUndone() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        let whole = try await EndpointRun.run(
            subject.endpointTopology("whole", corpus: corpus, port: server.port), state: subject.state("whole"))
        try #require(whole.status == 0 && whole.count(.failed) == 0, "\(whole.errors)")

        // It goes away amid the scores, and later there is nobody at all.
        let topology = try subject.endpointTopology("broken", corpus: corpus, port: server.port)
        server.expect([JudgeBehaviour](repeating: .judges(), count: 15), then: .answers(503))
        let broken = try await EndpointRun.run(topology, state: subject.state("broken"), patience: 1)
        #expect(broken.status == 75)
        #expect(broken.count(.failed) == 0 && broken.count(.done) > 0 && broken.count(.open) > 0)
        await server.stop()
        let gone = try await EndpointRun.run(topology, state: subject.state("broken"), patience: 1)
        #expect(gone.status == 75)
        #expect(gone.count(.open) >= broken.count(.open) && gone.count(.done) == broken.count(.done))

        let again = try await RuleJudgeServer.start(port: server.port)
        let mended = try await EndpointRun.run(topology, state: subject.state("broken"))
        #expect(mended.status == 0)
        #expect(mended.count(.failed) == 0 && mended.count(.open) == 0)
        #expect(mended.content == whole.content)
        await again.stop()
    }

    @Test func anEndpointThatComesBackIsAskedForAllThatWaited() async throws {
        let server = try await RuleJudgeServer.start()
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 60)
        let whole = try await EndpointRun.run(
            subject.endpointTopology("whole", corpus: corpus, port: server.port), state: subject.state("whole"))
        await server.stop()

        // Nobody is there at first; over the real transport the port answers while the run waits.
        let topology = try subject.endpointTopology("late", corpus: corpus, port: server.port)
        async let late = EndpointRun.run(topology, state: subject.state("late"))
        while try !isWaitedFor(in: subject.state("late")) { await Task.yield() }
        let again = try await RuleJudgeServer.start(port: server.port)
        let run = try await late
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.count(.failed) == 0 && run.count(.open) == 0)
        #expect(run.content == whole.content)
        #expect(run.errors.contains(" [judge] the server answers again, after "))
        await again.stop()
    }

    /// Whether a run has noted that a server is away.
    private func isWaitedFor(in state: String) throws -> Bool {
        guard let reader = try? Store.reader(directory: state) else { return false }
        return try reader.meta("servers.away")?.contains("judge") == true
    }

    /// The names of the files in a folder that hold a text.
    private func filesHolding(_ text: String, under folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        #expect(!names.isEmpty)
        return names.filter { name in
            (FileManager.default.contents(atPath: folder + "/" + name)?.range(of: Data(text.utf8))) != nil
        }
    }
}
