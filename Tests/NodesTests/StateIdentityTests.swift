import Hashing
import Interchange
import LanguageModels
import SparseCoders
import StateFixtures
import Store
import Testing
import Tokenization
import Topology

@testable import Nodes

/// What stored evidence depends on, written out: a state directory of an earlier version must still open.
@Suite struct StateIdentityTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    private func hash(_ texts: [String]) -> Hash128 {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6e6f_6465), wide: true)
        for text in texts { hasher.update(text: text) }
        return hasher.finalize128()
    }

    private static let reservoir = [
        "reservoir", "pool=16384", "recent=32", "sample=256", "seed=0", "top=16", "window=32",
    ]

    private func stages() throws -> [String] {
        let path = fixture.directory.path + "/model"
        let bos = try #require(try Tokenizer.load(from: path).specialToken("<|bos|>"))
        let model = "\(try LanguageModel(path: path).digest) \(bos)"
        return ["forward", "hookpoints=layers.0,layers.1", model, "tokenize", "context=64", model]
    }

    @Test func evidenceOfACoderDependsOnTheStagesAboveIt() throws {
        let coder = try SparseCoder(folder: TinyModel.coder)
        let codes = ["encode", "\(coder.digest)", "hookpoint=layers.1", "mask_first=true"]
        let identity = try fixture.graph().storeIdentity()
        #expect(identity.nodes == ["evidence": hash(Self.reservoir + codes + (try stages()))])
    }

    @Test func whatIsGivenBesidesIsHashedAndThreadsAreNot() throws {
        let coder = try SparseCoder.random(like: SparseCoder(folder: TinyModel.coder), seed: 5)
        let codes = ["encode", "\(coder.digest)", "hookpoint=layers.1", "mask_first=false", "seed=5"]
        let encode = "coder: random, like: \(TinyModel.coder), seed: 5, mask_first: false, workers: 2"
        let identity = try fixture.graph(encode: encode).storeIdentity()
        #expect(identity.nodes == ["evidence": hash(Self.reservoir + codes + (try stages()))])
    }

    @Test func evidenceOfACacheDependsOnWhoseCodesTheyAre() throws {
        let digest = try DelphiCache(folder: GraphFixture.cache).digest(hookpoint: "layers.10")
        let identity = try fixture.cached().storeIdentity()
        #expect(identity.nodes == ["evidence": hash(Self.reservoir + ["delphi_cache", "\(digest) false"])])
    }

    @Test func explainersAndScorersHaveNoSay() throws {
        let more = try fixture.graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  run: { type: score, method: execution, inputs: [words] }

                """)
        #expect(try more.storeIdentity().nodes == fixture.graph().storeIdentity().nodes)
    }
}
