import Foundation
import Inference
import Kafka
import RuleJudgeServer
import Testing
import Topology

@testable import Nodes

/// What endpoints are asked at the start of a run.
@Suite(.timeLimit(.minutes(5))) struct EndpointInspectionTests {
    private func graph(_ endpoint: String, scale: Int = 10) throws -> Graph {
        let text = """
            version: 1
            name: reading
            state: { directory: ./state }
            models:
              subject: { path: ./model, bos: none }
              far: { openai: "\(endpoint)", model: rule, retries: 3 }
            sources:
              corpus: { type: file, path: ./corpus }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
              codes: { type: encode, inputs: [residual], coder: ./coder, hookpoint: layers.1 }
              evidence: { type: reservoir, inputs: [codes] }
              nothing: { type: explain, inputs: [evidence], explainer: none }
              simulated: { type: score, inputs: [nothing], method: simulation, model: far, scale: \(scale) }
              surprised: { type: score, inputs: [nothing], method: surprisal, model: far }
              near: { type: score, inputs: [nothing], method: surprisal, model: subject }
              steered: { type: score, inputs: [nothing], method: intervention, model: subject, scorer: far }
              intruded: { type: score, inputs: [nothing], method: intruder, model: far }

            """
        return try TopologyText.graph(of: text)
    }

    private func findings(
        _ behaviour: JudgeBehaviour, scale: Int = 10
    ) async throws -> (outcomes: [String: EndpointInspection.Outcome], diagnostics: [Diagnostic], requests: Int) {
        let server = try await RuleJudgeServer.start()
        server.expect(then: behaviour)
        let graph = try graph(server.endpoint, scale: scale)
        let findings = await EndpointInspection.findings(of: graph)
        let requests = server.requests.count
        let diagnostics = await EndpointInspection.diagnostics(of: graph, file: "topology.yaml")
        await server.stop()
        return (
            Dictionary(uniqueKeysWithValues: findings.map { ($0.node, $0.outcome) }), diagnostics, requests
        )
    }

    @Test func aServerThatTellsIsAskedOnceForEachKindOfQuestion() async throws {
        let found = try await findings(.judges())
        #expect(found.outcomes == ["simulated": .tells, "surprised": .tells, "steered": .tells])
        #expect(found.diagnostics.isEmpty && found.requests == 2)
    }

    @Test(
        arguments: [
            .judges(RuleJudging(), .ignored), .answers(404, body: #"{"error":{"message":"no such path"}}"#),
            .answers(400, body: #"{"error":{"message":"echo is not supported"}}"#),
        ] as [JudgeBehaviour])
    func aServerThatDoesNotTellIsNamedWhereItsNodesNameIt(behaviour: JudgeBehaviour) async throws {
        let found = try await findings(behaviour)
        #expect(found.outcomes.count == 3 && found.requests == 2)
        #expect(found.diagnostics.map(\.code) == ["E612", "E612", "E612"])
        #expect(found.diagnostics.allSatisfy { $0.severity == .error && $0.file == "topology.yaml" })
        #expect(found.diagnostics.map { $0.mark?.line } == [15, 16, 18])
        #expect(found.diagnostics.map { $0.mark?.column } == [75, 74, 92])
        for (node, diagnostic) in zip(["simulated", "surprised", "steered"], found.diagnostics) {
            #expect(diagnostic.message.hasPrefix("\(node) asks model far how likely given texts are: rule at http://"))
            #expect(diagnostic.message.contains("with echo and logprobs") && diagnostic.help != nil)
        }
    }

    @Test func aModelThatWritesTenInTwoTokensIsToldFromOneThatDoesNotTell() async throws {
        let found = try await findings(.judges(RuleJudging(), .digits))
        #expect(found.outcomes["surprised"] == .tells && found.outcomes["steered"] == .tells)
        #expect(found.diagnostics.count == 1)
        #expect(found.diagnostics.first?.message.contains("`scale: 9`") == true)
        let nine = try await findings(.judges(RuleJudging(), .digits), scale: 9)
        #expect(nine.diagnostics.isEmpty && nine.outcomes["simulated"] == .tells)
    }

    @Test(
        arguments: [
            .answers(503, body: "busy"), .answers(401, body: #"{"error":{"message":"wrong key"}}"#), .resets,
        ] as [JudgeBehaviour])
    func aServerThatIsOutOfReachOrDeclinesEndsNothing(behaviour: JudgeBehaviour) async throws {
        let found = try await findings(behaviour)
        #expect(found.diagnostics.isEmpty && found.outcomes.count == 3)
        for (_, outcome) in found.outcomes {
            guard case .unknown(let reason) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reason.contains("rule at http://"))
        }
        // Once each: a start does not wait for a server that is down.
        #expect(found.requests == 2)
    }
}
