import Inference
import RuleJudgeServer
import Testing
import Topology

@testable import Nodes

/// What servers are asked by `doctor --ask`, and what is said of them.
@Suite(.timeLimit(.minutes(5))) struct EndpointQuestionsTests {
    private func graph(_ endpoint: String) throws -> Graph {
        try TopologyText.graph(
            of: """
                version: 1
                name: asking
                state: { directory: ./state }
                models:
                  subject: { path: ./model, bos: none }
                  far: { openai: "\(endpoint)", model: rule }
                  vectors: { openai: "\(endpoint)", model: wide }
                  unused: { openai: "\(endpoint)", model: other }
                sources:
                  corpus: { type: file, path: ./corpus }
                stages:
                  tokens: { type: tokenize, inputs: [corpus], model: subject }
                  residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
                  codes: { type: encode, inputs: [residual], coder: ./coder, hookpoint: layers.1 }
                  evidence: { type: reservoir, inputs: [codes] }
                  nothing: { type: explain, inputs: [evidence], explainer: none }
                  intruded: { type: score, inputs: [nothing], method: intruder, model: far }
                  surprised: { type: score, inputs: [nothing], method: surprisal, model: far }
                  embedded: { type: score, inputs: [nothing], method: embedding, model: vectors }

                """)
    }

    private func findings(_ behaviour: JudgeBehaviour) async throws -> (
        found: [EndpointQuestions.Finding], requests: Int
    ) {
        let server = try await RuleJudgeServer.start()
        server.expect(then: behaviour)
        let found = await EndpointQuestions.findings(of: try graph(server.endpoint))
        let requests = server.requests.count
        await server.stop()
        return (found, requests)
    }

    @Test func aServerThatSaysNothingOfUseIsQuotedAndOneThatRefusesFails() async throws {
        let (found, requests) = try await findings(.says("I would rather talk."))
        #expect(found.map(\.model) == ["far", "vectors"])
        #expect(found[0].verdict == .limited)
        #expect(found[0].text.contains("was asked for a list of two verdicts and said: I would rather talk."))
        #expect(
            found[0].text.contains("gives no log-probabilities: the endpoint gave no log-probabilities (top_logprobs)"))
        #expect(found[0].text.contains("takes the start of an answer"))
        #expect(found[0].text.contains("does not tell how likely given texts are, which a node needs"))
        #expect(found[1].verdict == .unable && requests == 5)
        let (refused, _) = try await findings(.answers(401, body: #"{"error":{"message":"wrong key"}}"#))
        #expect(refused.map(\.verdict) == [.unable, .unable])
        let (busy, _) = try await findings(.answers(429, body: #"{"error":{"message":"slow down"}}"#))
        #expect(busy[0].verdict == .limited && busy[0].text.hasSuffix("slow down"))
        #expect(refused.allSatisfy { $0.text.contains("answered 401: wrong key") })
    }

    @Test func aServerThatListsIsAble() async throws {
        let (found, _) = try await findings(.says("[1, 0]"))
        #expect(found[0].text.hasPrefix("answers lists; "))
        let (thinking, _) = try await findings(.says("<think>So</think>[1, 0]"))
        #expect(thinking[0].text.hasPrefix("answers lists; thinks before it answers"))
    }
}
