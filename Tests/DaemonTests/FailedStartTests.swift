import Foundation
import Nodes
import Observability
import RuleJudgeServer
import Running
import Serving
import StateFixtures
import Store
import Testing
import Topology

/// Starts that fail, early and late: what had been opened is closed.
@Suite(.timeLimit(.minutes(5))) struct FailedStartTests {
    private let fixture: DaemonFixture
    private static let http = ["http: 127.0.0.1:0"]

    init() throws { fixture = try DaemonFixture() }

    @Test func aStateThatAnotherDaemonHasIsLeftAlone() async throws {
        let graph = try fixture.graph(Self.http)
        try await fixture.openStateWhile(graph) {
            let error = await #expect(throws: StoreError.self) { try await fixture.run(graph) }
            #expect(error == .locked(path: fixture.directory.state, pid: getpid()))
        }
        #expect(fixture.notices.of("http").first?.hasPrefix("http: listening at http://127.0.0.1:") == true)
        #expect(await !fixture.isListening)
        #expect(fixture.progress.reading.records == 0)
    }

    @Test func aStartThatNeedsMoreMemoryThanAllowedFailsAndLetsTheStateGo() async throws {
        let graph = try fixture.graph(Self.http, memory: "1MiB")
        let error = await #expect(throws: DaemonError.self) { try await fixture.run(graph) }
        #expect(error?.kind == .configuration)
        let text = error?.description ?? ""
        #expect(
            text.hasPrefix("evidence, explaining and scoring take ")
                && text.contains(", but state.memory allows 1 MiB: raise it,"))
        #expect(await !fixture.isListening)
        #expect(try fixture.openState(graph) { try $0.latestCheckpoint() } == nil)
        // With more it starts on the same state.
        try await fixture.next().run(try fixture.graph())
    }

    @Test func aModelThatIsGoneSinceTheChecksFailsTheStartAndLetsTheStateGo() async throws {
        let graph = try fixture.graph(Self.http)
        try FileManager.default.removeItem(atPath: fixture.directory.path + "/model/tokenizer.json")
        let error = await #expect(throws: (any Error).self) { try await fixture.run(graph) }
        #expect(error.map { "\($0)".contains("tokenizer") } == true)
        #expect(await !fixture.isListening)
        #expect(try fixture.openState(graph) { try $0.latestCheckpoint() } == nil)
    }

    @Test func aStateOfAnotherTopologyIsRefusedAndStaysAsItWas() async throws {
        let graph = try fixture.graph()
        try await fixture.run(graph)
        let stages = DaemonFixture.scored.map { $0.replacing("window: 16", with: "window: 8") }
        let changed = try fixture.graph(stages: stages)
        let error = await #expect(throws: StoreError.self) { try await fixture.next().run(changed) }
        let change = StateConflict.Change(node: "evidence", field: "window", stored: "16", given: "8")
        #expect(error == .nodeChanged(path: fixture.directory.state, node: "evidence", changes: [change]))
        #expect(try fixture.openState(graph) { try $0.explanations() }.count == 3)
    }

    @Test func anAddressInUseIsFoundBeforeAnyStateIsMade() async throws {
        let other = try await RuleJudgeServer.start()
        let graph = try fixture.graph(["http: 127.0.0.1:\(other.port)"])
        let error = await #expect(throws: ServingError.self) { try await fixture.run(graph) }
        #expect(error?.description.hasPrefix("HTTP cannot listen at 127.0.0.1:\(other.port), which line 4 of") == true)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory.state))
        #expect(fixture.notices.lines.isEmpty)
        await other.stop()
    }

    @Test func aTokenThatCannotBeReadIsFoundBeforeAnythingIsOpened() async throws {
        let path = fixture.directory.path + "/token"
        let graph = try fixture.graph(["http: { address: \"127.0.0.1:0\", token: !secret \"file:\(path)\" }"])
        let error = await #expect(throws: TopologyError.self) { try await fixture.run(graph) }
        #expect(error.map { "\($0)".contains(path) } == true)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory.state))
        #expect(fixture.notices.lines.isEmpty)
    }

    @Test(arguments: ["", "\n", " \t\n"]) func aBlankTokenIsFoundBeforeAnythingIsOpened(token: String) async throws {
        let path = fixture.directory.path + "/token"
        try token.write(toFile: path, atomically: true, encoding: .utf8)
        let graph = try fixture.graph(["http: { address: \"127.0.0.1:0\", token: !secret \"file:\(path)\" }"])
        let error = await #expect(throws: DaemonError.self) { try await fixture.run(graph) }
        #expect(error?.description.contains("`token` of `http`, from file:\(path), is empty: give it the") == true)
        #expect(error?.kind == .configuration)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory.state))
    }
}
