import Elements
import Foundation
import Interchange
import LanguageModels
import Running
import SparseCoders
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// What a graph names is opened once, and a failure is a failure for good.
@Suite struct OpenedFilesTests {
    private let fixture: GraphFixture

    init() throws { fixture = try GraphFixture() }

    private var folder: String { fixture.directory.path }

    private func message(_ body: () throws -> Any) throws -> String {
        try #require(throws: DaemonError.self) { _ = try body() }.description
    }

    @Test func whatHasNoFileSaysSo() throws {
        let weights = try fixture.graph().weights
        let far = "model far is behind an endpoint, but its weights are needed here: give a `path`"
        #expect(try message { try weights.file("far") } == far)
        #expect(try message { try weights.model("far") } == far)
        #expect(try message { try weights.tokenizer("far") } == far)
        #expect(try message { try weights.encoder("far") } == far)
        #expect(try message { try weights.bos(of: "far") as Any } == far)
        #expect(try message { try weights.file("nobody") } == "no model is named nobody")
        #expect(weights.soundModel("far") == nil && weights.soundModel("nobody") == nil)
    }

    @Test func aModelIsSoundOnlyWithItsTokenizer() throws {
        #expect(try fixture.graph().weights.soundModel("subject") != nil)
        try FileManager.default.removeItem(atPath: folder + "/model/tokenizer.json")
        let weights = try fixture.graph().weights
        #expect(weights.soundModel("subject") == nil)
        _ = try weights.model("subject")
    }

    /// Two entries of one path share what is read from it.
    @Test func aFileIsOpenedOncePerPathNotPerName() throws {
        let graph = try MarkedTopology(in: folder, models: "  twin: { path: \(folder)/model, bos: none }").graph()
        #expect(try graph.model("subject") === graph.model("twin"))
        // The beginning of contexts is the entry's own.
        #expect(try graph.weights.bos(of: "subject") == 289 && graph.weights.bos(of: "twin") == nil)
    }

    /// Otherwise the checks and the run could see two different states of a file.
    @Test func aModelThatCouldNotBeOpenedIsNotTriedAgain() throws {
        let config = folder + "/model/config.json"
        let settings = try Data(contentsOf: URL(fileURLWithPath: config))
        try FileManager.default.removeItem(atPath: config)
        let graph = try fixture.graph()
        #expect(throws: ModelError.self) { _ = try graph.model("subject") }
        try settings.write(to: URL(fileURLWithPath: config))
        #expect(throws: ModelError.self) { _ = try graph.model("subject") }
        _ = try fixture.graph().model("subject")
    }

    @Test func aCoderThatIsNotKeptIsLookedAtAnew() throws {
        let topology = try MarkedTopology(in: folder, encode: "coder: \(folder)/coder, hookpoint: layers.1").graph()
            .topology
        let (keeping, forgetting) = (try Graph(topology), try Graph(topology, keepsWeights: false))
        for graph in [keeping, forgetting] { #expect(throws: CoderError.self) { _ = try graph.coders() } }
        try TinyModel.writeCoder(width: 64, to: folder + "/coder")
        #expect(throws: CoderError.self) { _ = try keeping.coders() }
        #expect(try forgetting.coders().map(\.latents) == [4])
    }

    @Test func codersOfOneFolderAreOneAndRandomOnesAreTheirOwn() throws {
        let weights = try fixture.graph().weights
        let folder = CoderChoice.folder(TinyModel.coder)
        #expect(try weights.coder(folder, width: nil) === weights.coder(folder, width: nil))
        let (zero, one) = (
            CoderChoice.random(like: TinyModel.coder, seed: 0), CoderChoice.random(like: TinyModel.coder, seed: 1)
        )
        #expect(try weights.coder(zero, width: nil) === weights.coder(zero, width: nil))
        #expect(try weights.coder(zero, width: nil).digest != weights.coder(one, width: nil).digest)
        // Neurons of two hookpoints are not the same, even if all fields are.
        let neurons = CoderChoice.neurons(k: 2, sides: .positive)
        #expect(try weights.coder(neurons, width: 64).latents == 64)
        #expect(try weights.coder(neurons, width: 160).latents == 160)
        #expect(throws: DaemonError.self) { _ = try weights.coder(neurons, width: nil) }
    }

    @Test func aCacheThatCannotBeOpenedIsReportedWhereverItIsAskedFor() throws {
        let topology = MarkedTopology(
            """
            version: 1
            name: tiny
            models: { subject: { path: \(folder)/model, bos: none } }
            sources:
              cached:
                type: delphi_cache
                path: ▸\(folder)/absent
                hookpoint: layers.10
                model: subject
            stages: { evidence: { type: reservoir, inputs: [cached] } }

            """)
        let found = try topology.diagnostics()
        #expect(found.map(\.code) == ["E602"] && found.map(\.mark) == topology.marks)
        #expect(found.first?.message.hasPrefix("cached: \(folder)/absent") == true)
        let graph = try topology.graph()
        #expect(throws: InterchangeError.self) { _ = try graph.coders() }
        #expect(throws: InterchangeError.self) { _ = try graph.storeIdentity() }
        let place = try #require(graph.coderPlaces.first)
        #expect(place.node == "cached" && place.path == folder + "/absent")
        #expect(throws: InterchangeError.self) { _ = try place.shape.get() }
    }

    @Test func theDirectionsOfACachedLatentAreNotKnown() throws {
        let graph = try fixture.cached()
        let cached = try #require(graph.all((any GivesCodes).self).first)
        #expect(
            try message { try cached.coder(in: graph) }
                == "cached gives codes without a coder, but the directions of its latents are needed here")
    }
}
