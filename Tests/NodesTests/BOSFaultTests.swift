import Foundation
import StateFixtures
import Store
import Testing
import Tokenization
import Topology

@testable import Nodes

/// Which token the contexts of a model begin with.
@Suite struct BOSFaultTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try TinyModel.write(to: directory.path + "/model")
    }

    private func topology(_ bos: String?) -> MarkedTopology {
        MarkedTopology(
            in: directory.path,
            subject: bos.map { "{ path: \(directory.path)/model, bos: ▸\($0) }" }
                ?? "{ path: ▸\(directory.path)/model }")
    }

    /// Writes what stands beside a tokenizer; without a post-processor it says nothing of beginnings.
    private func write(settings: String?, keepsPostProcessor: Bool = true) throws {
        let folder = directory.path + "/model/"
        if let settings {
            try settings.write(toFile: folder + "tokenizer_config.json", atomically: true, encoding: .utf8)
        }
        guard !keepsPostProcessor else { return }
        let text = try String(contentsOfFile: folder + "tokenizer.json", encoding: .utf8)
        try text.replacing("\"post_processor\": null, ", with: "")
            .write(toFile: folder + "tokenizer.json", atomically: true, encoding: .utf8)
    }

    private func token(_ bos: String?) throws -> UInt32? { try topology(bos).graph().weights.bos(of: "subject") }

    @Test func aTokenIsFoundByItsTextAndNoneIsNone() throws {
        #expect(try token("\"<|bos|>\"") == 289)
        #expect(try token("none") == nil)
    }

    @Test func theModelsOwnRuleIsFollowed() throws {
        try write(settings: #"{"add_bos_token": true, "bos_token": "<|bos|>"}"#)
        #expect(try token("auto") == 289)
        #expect(try token(nil) == 289)
        try write(settings: #"{"add_bos_token": false, "bos_token": "<|bos|>"}"#)
        #expect(try token("auto") == nil)
        // The entry has the last word.
        #expect(try token("\"<|bos|>\"") == 289)
    }

    @Test func aTextThatIsNoControlTokenIsNamed() throws {
        let topology = topology("\"hello\"")
        #expect(
            try topology.diagnostics()
                == topology.expected((.missingBOS, "model subject has no control token `hello`", nil)))
    }

    @Test(arguments: ["auto", nil]) func aFileWithoutARuleAsksForOne(bos: String?) throws {
        try write(settings: nil, keepsPostProcessor: false)
        let topology = topology(bos)
        // Without `bos:` in the file the place is that of the path.
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .missingBOS, "\(directory.path)/model does not say how a context begins",
                        "give `bos:` a token, or `none`"
                    )))
    }

    @Test func aRuleWithoutATokenAsksForOne() throws {
        try write(settings: #"{"add_bos_token": true}"#)
        let topology = topology("auto")
        #expect(
            try topology.diagnostics()
                == topology.expected(
                    (
                        .missingBOS, "\(directory.path)/model asks for a BOS token but names none",
                        "give `bos:` a token, or `none`"
                    )))
        #expect(throws: BOSFault.self) { _ = try token("auto") }
    }

    @Test func aFaultDescribesItselfWithItsRemedy() {
        #expect("\(BOSFault(message: "it is not known", help: "say so"))" == "it is not known: say so")
        #expect("\(BOSFault(message: "it is not known"))" == "it is not known")
    }

    @Test func evidenceRestsOnTheTokenAndNotOnHowItWasChosen() throws {
        try write(settings: #"{"add_bos_token": true, "bos_token": "<|bos|>"}"#)
        let named = try topology("\"<|bos|>\"").graph().storeIdentity().nodes
        #expect(try topology("auto").graph().storeIdentity().nodes == named)
        #expect(try topology("none").graph().storeIdentity().nodes != named)
    }
}
