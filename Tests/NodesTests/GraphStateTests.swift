import Foundation
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

/// What a topology that has been changed is told of the state of the one before.
@Suite struct GraphStateTests {
    private let fixture: GraphFixture
    private var directory: String { fixture.directory.state }

    init() throws { fixture = try GraphFixture() }

    /// The topology with parts in place of others.
    private func topology(_ changes: [String: String] = [:]) -> MarkedTopology {
        var text = """
            version: 1
            name: tiny
            state: { directory: \(directory) }
            models:
              subject: { path: \(fixture.directory.path)/model, bos: "<|bos|>" }
            sources:
              corpus: { type: stdin }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject, context: 64 }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.0, layers.1] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, coder: \(TinyModel.coder) }
              evidence: { type: reservoir, inputs: [codes], window: 16 }

            """
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return MarkedTopology(text)
    }

    private func makeState() throws {
        try Store(directory: directory, topology: topology().graph().storeIdentity()).close()
    }

    @Test func withoutStateOrChangeThereIsNothingToSay() throws {
        #expect(try topology().graph().stateDiagnostics(file: "t.yaml").isEmpty)
        // A look makes no state.
        #expect(!FileManager.default.fileExists(atPath: directory))
        try makeState()
        #expect(try topology().graph().stateDiagnostics(file: "t.yaml").isEmpty)
        let moved = topology(["tokens": "words", "type: stdin": "type: file, path: elsewhere"])
        #expect(try moved.graph().stateDiagnostics(file: "t.yaml").isEmpty)
    }

    private static let remedy = "restore the setting, or set another state.directory for evidence of its own"

    struct Change: Sendable, CustomTestStringConvertible {
        let old, new, told: String
        var testDescription: String { new }
    }

    @Test(arguments: [
        Change(old: "window: 16", new: "window: ▸32", told: "window of evidence was 16 and is 32"),
        Change(old: ", window: 16", new: "", told: "window of evidence was 16 and is 32"),
        Change(old: "context: 64", new: "context: ▸65", told: "context of tokens was 64 and is 65"),
        Change(
            old: "hookpoints: [layers.0, layers.1]", new: "hookpoints: ▸[layers.1]",
            told: "hookpoints of residual was layers.0,layers.1 and is layers.1"),
        Change(
            old: "hookpoint: layers.1", new: "hookpoint: ▸layers.0",
            told: "hookpoint of codes was layers.1 and is layers.0"),
        Change(old: "coder: ", new: "mask_first: ▸false, coder: ", told: "mask_first of codes was true and is false"),
    ]) func aChangedFieldIsNamedAtItsPlaceWithBothValues(change: Change) throws {
        try makeState()
        let changed = topology([change.old: change.new])
        let found = try changed.graph().stateDiagnostics(file: "t.yaml")
        #expect(found.map(\.message) == ["the state in \(directory) cannot be gone on with: \(change.told)"])
        #expect(found.first?.code == "E613" && found.first?.help == Self.remedy)
        // A field that is left out has the place of its node.
        let mark = changed.marks.first ?? changed.read().topology?.node("evidence")?.mark
        #expect(found.first?.mark == mark)
    }

    @Test func anotherWayOfBeginningContextsIsNamedOnceAtTheModel() throws {
        try makeState()
        let changed = topology(["bos: \"<|bos|>\"": "bos: ▸none"])
        let found = try changed.graph().stateDiagnostics(file: "t.yaml")
        #expect(found.count == 1 && found.first?.mark == changed.marks.first)
        #expect(found.first?.message.contains("bos of ") == true && found.first?.message.hasSuffix("is none") == true)
    }

    @Test func anotherNameAndARenamedReservoirAreNamed() throws {
        try makeState()
        let changed = topology(["name: tiny": "name: ▸small", "  evidence:": "  ▸samples:"])
        #expect(
            try changed.graph().stateDiagnostics(file: "t.yaml")
                == changed.expected(
                    (
                        .otherState, "the state in \(directory) is that of topology 'tiny', not of 'small'",
                        "give back the name, or set another state.directory"
                    ),
                    (
                        .otherState,
                        "the state in \(directory) has evidence of a reservoir 'evidence', which the topology no longer has",
                        "put it back or give it its old name, or set another state.directory"
                    )))
    }

    @Test func aStateThatDoesNotSayItsSettingsNamesTheReservoir() throws {
        let whole = try topology().graph().storeIdentity()
        try Store(
            directory: directory,
            topology: TopologyIdentity(name: whole.name, digest: whole.digest, nodes: whole.nodes)
        ).close()
        let changed = topology(["window: 16": "window: 32"])
        let found = try changed.graph().stateDiagnostics(file: "t.yaml")
        #expect(found.count == 1 && found.first?.mark == changed.read().topology?.node("evidence")?.mark)
        #expect(found.first?.message.contains("which setting, it does not say") == true)
    }

    @Test func aDaemonThatRunsOnTheStateIsNotInTheWay() throws {
        let running = try Store(directory: directory, topology: topology().graph().storeIdentity())
        #expect(try topology().graph().stateDiagnostics(file: "t.yaml").isEmpty)
        #expect(try topology(["window: 16": "window: 8"]).graph().stateDiagnostics(file: "t.yaml").count == 1)
        try running.close()
    }

    @Test func aStateThatCannotBeReadIsLeftToWhoRunsOnIt() throws {
        try makeState()
        try Data("no database".utf8).write(to: URL(filePath: directory + "/gloss.sqlite"))
        #expect(try topology().graph().stateDiagnostics(file: "t.yaml").isEmpty)
    }
}
