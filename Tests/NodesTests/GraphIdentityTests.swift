import Foundation
import Hashing
import StateFixtures
import Store
import Testing
import Topology

@testable import Nodes

/// What changes the identity of stored evidence, field by field, and what does not.
@Suite struct GraphIdentityTests {
    private let fixture: GraphFixture

    init() throws {
        fixture = try GraphFixture()
        let files = FileManager.default
        try files.copyItem(atPath: GraphFixture.cache, toPath: fixture.directory.path + "/cache")
        try files.copyItem(atPath: TinyModel.coder, toPath: fixture.directory.path + "/coder")
        try TinyModel.writeCoder(width: 64, to: fixture.directory.path + "/small")
        try files.copyItem(atPath: fixture.directory.path + "/model", toPath: fixture.directory.path + "/copy")
    }

    /// A field, the node that it is changed on, and what evidence makes of it.
    struct Change: CustomTestStringConvertible, Sendable {
        let type: String
        let field: String
        let value: String
        let counts: Bool
        /// What else the node has, before and after the change.
        var given: [String: String] = [:]

        var testDescription: String { "\(type) \(field)" }
    }

    private static let otherCoder = TinyModel.coder.replacing("sparsify_topk", with: "saelens_topk")
    private static let scaledCoder = TinyModel.coder.replacing("sparsify_topk", with: "saelens_average")
    private static let neurons = ["coder": "neurons", "k": "8"]
    private static let random = ["coder": "random", "like": TinyModel.coder, "seed": "1"]

    private static let changes: [Change] =
        [
            // Documents may come from elsewhere: which were counted is kept in fences.
            Change(type: "stdin", field: "format", value: "text", counts: false),
            Change(type: "stdin", field: "maximum_record", value: "1KiB", counts: false),
            Change(type: "file", field: "path", value: "elsewhere", counts: false),
            Change(type: "file", field: "format", value: "text", counts: false),
            Change(type: "file", field: "maximum_record", value: "1KiB", counts: false),
            Change(type: "kafka", field: "brokers", value: "\"c:2\"", counts: false),
            Change(type: "kafka", field: "topics", value: "[texts, more]", counts: false),
            Change(type: "kafka", field: "group", value: "lag", counts: false),
            Change(type: "kafka", field: "start", value: "latest", counts: false),
            Change(type: "kafka", field: "format", value: "text", counts: false),
            Change(type: "kafka", field: "maximum_record", value: "1KiB", counts: false),
            Change(type: "kafka", field: "librdkafka", value: "{ client.id: gloss }", counts: false),
            Change(type: "delphi_cache", field: "path", value: "PLACE/cache", counts: false),
            Change(type: "delphi_cache", field: "hookpoint", value: "layers.11", counts: true),
            Change(type: "delphi_cache", field: "model", value: "bare", counts: false),
            Change(type: "delphi_cache", field: "mask_first", value: "true", counts: true),
            Change(type: "tokenize", field: "model", value: "bare", counts: true),
        ] + records(of: "activations", [("width", "32", true, [:])])
        + records(
            of: "codes",
            [
                ("coder_name", "other", true, [:]), ("coder_digest", digest(2), true, ["coder_digest": digest(1)]),
                ("latents", "7", true, [:]), ("coder", otherCoder, true, ["coder": TinyModel.coder]),
                ("k", "9", false, [:]), ("mask_first", "false", true, [:]),
            ])
        + [
            Change(type: "tokenize", field: "context", value: "65", counts: true),
            Change(type: "forward", field: "model", value: "bare", counts: true),
            Change(type: "forward", field: "hookpoints", value: "[layers.1]", counts: true),
            Change(type: "forward", field: "workers", value: "3", counts: false),
            Change(type: "forward", field: "batch", value: "64", counts: false),
            Change(type: "encode", field: "coder", value: otherCoder, counts: true),
            Change(type: "encode", field: "hookpoint", value: "layers.0", counts: true),
            Change(type: "encode", field: "place", value: "as-given", counts: false),
            Change(type: "encode", field: "mask_first", value: "false", counts: true),
            Change(type: "encode", field: "k", value: "9", counts: true, given: neurons),
            Change(
                type: "encode", field: "average_norm", value: "9", counts: true,
                given: ["coder": scaledCoder, "average_norm": "8"]),
            Change(type: "encode", field: "sides", value: "signed", counts: true, given: neurons),
            // A random coder is drawn in the shape of the other, whose weights do not count.
            Change(type: "encode", field: "like", value: "PLACE/small", counts: true, given: random),
            Change(type: "encode", field: "seed", value: "2", counts: true, given: random),
            Change(type: "encode", field: "workers", value: "3", counts: false),
            Change(type: "reservoir", field: "window", value: "16", counts: true),
            Change(type: "reservoir", field: "sample", value: "64", counts: true),
            Change(type: "reservoir", field: "top", value: "3", counts: true),
            Change(type: "reservoir", field: "pool", value: "100", counts: true),
            Change(type: "reservoir", field: "recent", value: "5", counts: true),
            Change(type: "reservoir", field: "seed", value: "1", counts: true),
        ]

    private static func digest(_ number: Int) -> String { "\"" + String(repeating: "0\(number)", count: 16) + "\"" }

    /// What a source of records that were computed elsewhere has: where they come from does not count, whose they are does.
    private static func records(
        of type: String, _ own: [(field: String, value: String, counts: Bool, given: [String: String])]
    ) -> [Change] {
        let shared: [(field: String, value: String, counts: Bool, given: [String: String])] = [
            ("brokers", "\"c:2\"", false, [:]), ("topics", "[texts, more]", false, [:]), ("group", "lag", false, [:]),
            ("start", "latest", false, [:]), ("librdkafka", "{ client.id: gloss }", false, [:]),
            ("path", "elsewhere", false, ["from": "file", "path": "here"]), ("model", "bare", false, [:]),
            ("model_name", "other", true, [:]), ("model_digest", digest(2), true, ["model_digest": digest(1)]),
            ("hookpoint", "layers.0", true, [:]), ("maximum_record", "1KiB", false, [:]),
        ]
        return (shared + own).map { change in
            Change(
                type: type, field: change.field, value: change.value, counts: change.counts, given: change.given)
        }
    }

    private static let subject = [
        "from": "kafka", "brokers": "\"b:1\"", "topics": "[texts]", "model": "subject", "model_name": "m",
        "hookpoint": "layers.1",
    ]

    private static let usual: [String: [String: String]] = [
        "activations": subject.merging(["width": "64"]) { $1 },
        "codes": subject.merging(["coder_name": "c", "latents": "8"]) { $1 },
        "stdin": [:], "file": ["path": "corpus"], "kafka": ["brokers": "\"b:1\"", "topics": "[texts]"],
        "delphi_cache": ["path": GraphFixture.cache, "hookpoint": "layers.10", "model": "subject"],
        "tokenize": ["model": "subject", "context": "64"],
        "forward": ["model": "subject", "hookpoints": "[layers.0, layers.1]"],
        "encode": ["coder": TinyModel.coder, "hookpoint": "layers.1"], "reservoir": [:],
    ]

    /// The identity of the evidence when one type of node has other fields than usual.
    private func identity(_ type: String, _ given: [String: String]) throws -> Hash128 {
        try #require(whole(type, given).nodes["evidence"])
    }

    private func whole(_ type: String, _ given: [String: String]) throws -> TopologyIdentity {
        func node(_ kind: String, inputs: String? = nil) -> String {
            var fields = Self.usual[kind, default: [:]]
            if kind == type { fields.merge(given) { $1 } }
            if fields["from"] == "file" { for field in ["brokers", "topics"] { fields[field] = nil } }
            let texts = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            return "{ "
                + (["type: \(kind)"] + (inputs.map { ["inputs: [\($0)]"] } ?? []) + texts).joined(separator: ", ")
                + " }"
        }
        let source = ["file", "kafka", "delphi_cache", "activations", "codes"].contains(type) ? type : "stdin"
        let stages =
            ["delphi_cache", "codes"].contains(source)
            ? "  evidence: \(node("reservoir", inputs: "corpus"))"
            : source == "activations"
                ? """
                  codes: \(node("encode", inputs: "corpus"))
                  evidence: \(node("reservoir", inputs: "codes"))
                """
                : """
                  tokens: \(node("tokenize", inputs: "corpus"))
                  residual: \(node("forward", inputs: "tokens"))
                  codes: \(node("encode", inputs: "residual"))
                  evidence: \(node("reservoir", inputs: "codes"))
                """
        let place = fixture.directory.path
        let text = """
            version: 1
            name: tiny
            models:
              subject: { path: PLACE/model, bos: "<|bos|>" }
              bare: { path: PLACE/model, bos: none }
              twin: { path: PLACE/copy, bos: "<|bos|>" }
            sources:
              corpus: \(node(source))
            stages:
            \(stages)

            """.replacing("PLACE", with: place)
        return try MarkedTopology(text).graph().storeIdentity()
    }

    @Test func everyFieldOnTheWayToEvidenceIsLookedAt() {
        let above: [EdgeType?] = [.documents, .contexts, .activations, .codes, .evidence]
        let schemas = NodeRegistry.schemas.filter { above.contains($0.output) }
        let fields = schemas.flatMap { schema in schema.fields.map { "\(schema.type) \($0.name)" } }
        #expect(Set(Self.changes.map(\.testDescription)) == Set(fields))
    }

    @Test(arguments: changes) func evidenceDependsOnWhatChangesItAndNothingElse(change: Change) throws {
        let before = try identity(change.type, change.given)
        let after = try identity(change.type, change.given.merging([change.field: change.value]) { $1 })
        #expect((before != after) == change.counts)
    }

    /// The fields that are said to have changed where they are not the one that was: what they lead to counts.
    private static let causes = ["tokenize model": "bos", "forward model": "bos"]

    @Test(arguments: changes) func aRefusalNamesTheFieldThatWasChanged(change: Change) throws {
        let directory = try TemporaryDirectory()
        let made = try whole(change.type, change.given)
        try Store(directory: directory.state, topology: made).close()
        let given = try whole(change.type, change.given.merging([change.field: change.value]) { $1 })
        let conflicts = try Store.reader(directory: directory.state).conflicts(with: given)
        guard change.counts else {
            #expect(conflicts.isEmpty && made.settings == given.settings)
            return
        }
        guard case .nodeChanged("evidence", let changes) = try #require(conflicts.first), conflicts.count == 1 else {
            Issue.record("expected one changed node, got \(conflicts)")
            return
        }
        #expect(Set(changes.map(\.field)) == [Self.causes[change.testDescription] ?? change.field])
        #expect(changes.allSatisfy { $0.stored != $0.given })
    }

    /// A state directory is not refused because a folder was moved or a model was named anew.
    @Test func whereFilesAreAndWhatModelsAreCalledDoesNotCount() throws {
        let usual = try identity("encode", [:])
        #expect(try identity("encode", ["coder": fixture.directory.path + "/coder"]) == usual)
        #expect(
            try identity("encode", Self.random)
                == identity("encode", Self.random.merging(["like": Self.otherCoder]) { $1 }))
        #expect(try identity("tokenize", ["model": "twin"]) == usual)
        #expect(try identity("forward", ["model": "twin"]) == usual)
        #expect(try identity("file", [:]) == usual && identity("kafka", [:]) == usual)
    }

    /// A field that came later must leave older evidence as it was while nothing is given.
    @Test func theDefaultOfAFieldThatIsLeftOutCountsAsTheField() throws {
        let usual = try identity("reservoir", [:])
        #expect(try identity("reservoir", ["window": "32", "top": "16", "seed": "0"]) == usual)
        #expect(try identity("encode", ["mask_first": "true"]) == usual)
    }

    @Test func theOrderOfInputsDoesNotCountAndAnotherInputDoes() throws {
        func identity(_ inputs: String) throws -> Hash128 {
            try #require(
                MarkedTopology(
                    in: fixture.directory.path, encode: "hookpoint: layers.1, coder: \(TinyModel.coder)",
                    stages: """
                          again: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }
                          coded: { type: encode, inputs: \(inputs), coder: \(TinyModel.coder), hookpoint: layers.1 }
                          kept: { type: reservoir, inputs: [coded] }
                        """
                ).graph().storeIdentity().nodes["kept"])
        }
        #expect(try identity("[residual, again]") == identity("[again, residual]"))
        #expect(try identity("[residual]") != identity("[again, residual]"))
        #expect(try identity("[residual]") != identity("[again]"))
    }

    @Test func everyReservoirHasItsOwnIdentityUnderTheTopologys() throws {
        let graph = try MarkedTopology(
            in: fixture.directory.path,
            stages: """
                  short: { type: reservoir, inputs: [codes], window: 16 }
                  same: { type: reservoir, inputs: [codes] }
                """
        ).graph()
        let identity = try graph.storeIdentity()
        #expect(identity.name == "tiny" && identity.digest == graph.topology.digest)
        #expect(Set(identity.nodes.keys) == ["evidence", "short", "same"])
        #expect(identity.nodes["same"] == identity.nodes["evidence"])
        #expect(identity.nodes["short"] != identity.nodes["evidence"])
    }

    @Test(arguments: NodeRegistry.all.indices) func sourcesOfDocumentsAndAllBelowEvidenceHaveNoSay(kind: Int) throws {
        let kind = NodeRegistry.all[kind]
        let hasSay = ["tokenize", "forward", "encode", "reservoir", "delphi_cache", "activations", "codes"].contains(
            kind.schema.type)
        var identity = StateIdentity()
        let definition = try LoneNode.made(kind)
        // Others that have a say look at files, which are not there.
        guard !hasSay || definition is any Samples else { return }
        try definition.identify(into: &identity, in: fixture.graph())
        #expect((identity.digest != StateIdentity().digest) == hasSay)
    }

    @Test func textsDoNotRunTogetherAndTheirOrderCounts() {
        func digest(_ texts: String...) -> Hash128 {
            var identity = StateIdentity()
            for text in texts { identity.add(text) }
            return identity.digest
        }
        #expect(digest("ab", "c") != digest("a", "bc") && digest("abc") != digest("ab", "c"))
        #expect(digest("a", "b") != digest("b", "a") && digest("") != digest())
        #expect(digest("a", "b") == digest("a", "b"))
    }

    @Test func aFieldAddsItsNameAndOneWithoutAValueNothing() {
        let most = Field.optionalInteger("most", 0...9, "")
        var (named, given, absent) = (StateIdentity(), StateIdentity(), StateIdentity())
        named.add("most=3")
        given.add(most, given: 3)
        absent.add(most, given: Int?.none)
        #expect(given.digest == named.digest)
        #expect(absent.digest == StateIdentity().digest)
    }
}
