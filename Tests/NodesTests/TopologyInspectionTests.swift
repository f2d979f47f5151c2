import Foundation
import Kafka
import StateFixtures
import Testing
import Topology

@testable import Nodes

@Suite struct TopologyInspectionTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try TinyModel.write(to: directory.path + "/model")
        try Data("{\"text\":\"a\"}\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/corpus.ndjson"))
    }

    private func text(
        model: String = "model", bos: String = "\"<|bos|>\"", corpus: String = "corpus.ndjson",
        hookpoints: String = "layers.0, layers.1", coder: String = TinyModel.coder, hookpoint: String = "layers.1"
    ) -> String {
        """
        version: 1
        name: tiny
        state: { directory: ./state }
        models:
          subject:
            path: \(directory.path)/\(model)
            bos: \(bos)
        sources:
          corpus:
            type: file
            path: \(directory.path)/\(corpus)
        stages:
          tokens: { type: tokenize, inputs: [corpus], model: subject }
          residual:
            type: forward
            inputs: [tokens]
            model: subject
            hookpoints: [\(hookpoints)]
          codes:
            type: encode
            inputs: [residual]
            coder: \(coder)
            hookpoint: \(hookpoint)
          evidence: { type: reservoir, inputs: [codes] }

        """
    }

    private func diagnostics(of text: String) throws -> [Diagnostic] {
        let diagnostics = try allDiagnostics(of: text)
        #expect(diagnostics.allSatisfy { $0.severity == .error })
        return diagnostics
    }

    private func allDiagnostics(of text: String) throws -> [Diagnostic] {
        let path = directory.path + "/topology.yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let reader = TopologyReader(
            schemas: NodeRegistry.schemas, environment: [:], reservedSetting: KafkaSettings.reservedReason(for:))
        let read = try String(contentsOfFile: path, encoding: .utf8)
        let topology = try #require(reader.read(text: read, file: path).topology)
        let diagnostics = try Graph(topology).diagnostics(file: path)
        #expect(diagnostics.allSatisfy { $0.file == path })
        return diagnostics
    }

    /// Expects exactly one diagnostic and returns its message.
    private func message(
        _ text: String, code: DiagnosticCode, line: Int, column: Int, at location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let diagnostics = try diagnostics(of: text)
        #expect(diagnostics.map(\.code) == [code.rawValue], sourceLocation: location)
        #expect(diagnostics.map(\.mark) == [SourceMark(line: line, column: column)], sourceLocation: location)
        return diagnostics.first?.message ?? ""
    }

    @Test func aSoundTopologyGivesNoDiagnostics() throws {
        #expect(try diagnostics(of: text()) == [])
        #expect(try diagnostics(of: text(bos: "none")) == [])
    }

    @Test func aModelThatIsNotThereIsNamed() throws {
        let message = try message(text(model: "absent"), code: .missingFile, line: 6, column: 11)
        #expect(message == "model subject: there is no file \(directory.path)/absent")
    }

    @Test func aFileThatIsNoModelIsNamed() throws {
        let message = try message(text(model: "corpus.ndjson"), code: .badFile, line: 6, column: 11)
        #expect(message.hasPrefix("model subject: "))
    }

    @Test func aBOSThatTheTokenizerLacksIsNamed() throws {
        let message = try message(text(bos: "\"<|start|>\""), code: .missingBOS, line: 7, column: 10)
        #expect(message == "model subject has no control token `<|start|>`")
    }

    @Test func aTokenizerWithoutARuleForBOSAsksForOne() throws {
        let tokenizer = URL(fileURLWithPath: directory.path + "/model/tokenizer.json")
        let settings = try String(contentsOf: tokenizer, encoding: .utf8)
        let silent = settings.replacing("\"post_processor\": null, ", with: "")
        try #require(silent != settings)
        try Data(silent.utf8).write(to: tokenizer)
        let message = try message(text(bos: "auto"), code: .missingBOS, line: 7, column: 10)
        #expect(message == "\(directory.path)/model does not say how a context begins")
    }

    @Test func aCorpusThatIsNotThereIsNamed() throws {
        let message = try message(text(corpus: "absent.ndjson"), code: .missingFile, line: 11, column: 11)
        #expect(message == "corpus: there is no file \(directory.path)/absent.ndjson")
    }

    @Test func aHookpointThatTheModelLacksIsNamedAtItsPlaceInTheList() throws {
        let message = try message(
            text(hookpoints: "layers.1, layers.9"), code: .missingHookpoint, line: 18, column: 28)
        #expect(message.contains("layers.9"))
    }

    @Test func aHookpointThatTheForwardDoesNotGiveIsNamed() throws {
        let message = try message(text(hookpoint: "layers.2"), code: .missingHookpoint, line: 23, column: 16)
        #expect(message == "codes reads layers.2, but residual gives only layers.0, layers.1")
    }

    @Test func aCoderFolderThatIsNotThereIsNamed() throws {
        let folder = directory.path + "/absent"
        let message = try message(text(coder: folder), code: .missingFile, line: 22, column: 12)
        #expect(message == "codes: \(folder): there is no such folder or file")
    }

    @Test func aFolderThatIsNoCoderIsNamed() throws {
        let message = try message(text(coder: directory.path + "/model"), code: .badFile, line: 22, column: 12)
        #expect(message.hasPrefix("codes: "))
    }

    @Test func aCoderOfAnotherWidthIsNamedWithBothWidths() throws {
        let folder = directory.path + "/coder"
        try TinyModel.writeCoder(width: 32, to: folder)
        let message = try message(text(coder: folder), code: .widthMismatch, line: 22, column: 12)
        #expect(message.hasPrefix("codes: the coder reads vectors of 32, but layers.1 of "))
        #expect(message.hasSuffix(" is 64 wide"))
    }

    @Test func theModelsOwnNeuronsAndARandomCoderNeedNoFolder() throws {
        let neurons = text(
            hookpoints: "layers.1.mlp.neurons", coder: "neurons\n    k: 8\n    sides: signed",
            hookpoint: "layers.1.mlp.neurons")
        #expect(try diagnostics(of: neurons) == [])
        let random = text(coder: "random\n    like: \(TinyModel.coder)\n    seed: 3")
        #expect(try diagnostics(of: random) == [])
    }

    /// A folder with a coder whose files say where it was trained.
    private func coder(trainedAt place: String) throws -> String { try coder(saying: "\"hook_name\": \"\(place)\"") }

    /// A folder with a coder whose settings begin with some fields.
    private func coder(saying fields: String) throws -> String {
        let folder = directory.path + "/coder"
        let golden = TinyModel.coder.replacing("sparsify_topk", with: "saelens_standard")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: golden, toPath: folder)
        let settings = URL(fileURLWithPath: folder + "/cfg.json")
        let text = try String(contentsOf: settings, encoding: .utf8)
        let told = text.replacing(/^\{/, with: "{\(fields),")
        try told.write(to: settings, atomically: true, encoding: .utf8)
        return folder
    }

    @Test(arguments: [
        ("blocks.0.hook_resid_post", "layers.0"), ("transformer.h.0", "layers.0"),
        ("blocks.1.attn.hook_z", "layers.1.attn.heads"), ("blocks.1.hook_resid_mid", "layers.1.middle"),
    ]) func aCoderTrainedOnAnotherHookpointIsAnError(place: String, trained: String) throws {
        let folder = try coder(trainedAt: place)
        let found = try message(text(coder: folder), code: .otherHookpoint, line: 23, column: 16)
        #expect(found == "codes: the coder's files say that it was trained on \(trained), not on layers.1")
        let given = try allDiagnostics(of: text(coder: folder, hookpoint: "layers.1\n    place: as-given"))
        #expect(given.map(\.code) == ["W601"] && given.map(\.message) == [found])
    }

    @Test func aPlaceThatIsNoHookpointIsAnError() throws {
        let found = try message(
            text(coder: coder(trainedAt: "blocks.1.hook_mlp_in")), code: .noHookpoint, line: 23, column: 16)
        #expect(
            found.hasPrefix("codes: the coder's files say that it was trained at blocks.1.hook_mlp_in, which is no"))
    }

    @Test(arguments: [
        (#""hook_point_layer": 0"#, "a hookpoint of block 0"), (#""hook_layer": 3"#, "a hookpoint of block 3"),
    ]) func aLayerAloneIsHeldAgainstTheBlock(field: String, trained: String) throws {
        let found = try message(text(coder: coder(saying: field)), code: .otherHookpoint, line: 23, column: 16)
        #expect(found == "codes: the coder's files say that it was trained on \(trained), not on layers.1")
        #expect(try allDiagnostics(of: text(coder: coder(saying: #""hook_layer": 1"#))).map(\.code) == ["W603"])
    }

    @Test func aCoderOfOneHeadHasNoHookpoint() throws {
        let field = #""hook_name": "blocks.1.attn.hook_z", "hook_head_index": 3"#
        let found = try message(text(coder: coder(saying: field)), code: .noHookpoint, line: 23, column: 16)
        #expect(found.hasPrefix("codes: the coder's files say that it was trained at head 3 of blocks.1.attn.hook_z"))
    }

    @Test(arguments: [
        (#""context_size": 8"#, "on contexts of 8 tokens, and these have up to "),
        (#""prepend_bos": false"#, "on contexts without BOS, and these begin with it"),
    ]) func otherTrainingIsAWarning(field: String, difference: String) throws {
        let folder = try coder(saying: #""hook_name": "blocks.1.hook_resid_post", "# + field)
        let found = try allDiagnostics(of: text(coder: folder))
        #expect(found.map(\.code) == ["W604"])
        #expect(found.first?.message.contains("codes: the coder's files say that it was trained \(difference)") == true)
        #expect(try allDiagnostics(of: text(coder: folder, hookpoint: "layers.1\n    place: as-given")) == [])
    }

    @Test func aPlaceThatCannotBeReadIsAWarning() throws {
        let folder = try coder(trainedAt: "somewhere")
        #expect(try allDiagnostics(of: text(coder: folder)).map(\.code) == ["W603"])
        #expect(try allDiagnostics(of: text(coder: folder, hookpoint: "layers.1\n    place: as-given")) == [])
    }

    @Test(arguments: [
        ("blocks.2.hook_resid_pre", "layers.1"), ("blocks.1.hook_mlp_out", "layers.1.mlp"),
        ("blocks.1.hook_attn_out", "layers.1.attn.normed"), ("blocks.1.hook_attn_out", "layers.1.attn"),
        ("model.layers.0.output", "layers.1.input"),
    ]) func otherNamesOfTheSameActivationsAreSound(place: String, hookpoint: String) throws {
        let folder = try coder(trainedAt: place)
        #expect(try allDiagnostics(of: text(hookpoints: hookpoint, coder: folder, hookpoint: hookpoint)) == [])
    }

    @Test(arguments: [
        ("random", "codes: `coder: random` needs `like:`, the folder of the coder whose shape it takes"),
        ("random\n    like: x\n    k: 3", "codes: `k` is for `coder: neurons` only"),
        ("neurons\n    like: x", "codes: `like` is for `coder: random` only"),
        ("x\n    sides: signed", "codes: `sides` is for `coder: neurons` only"),
    ]) func fieldsThatDoNotGoTogetherAreNamed(coder: String, expected: String) throws {
        #expect(try message(text(coder: coder), code: .badCoder, line: 22, column: 12) == expected)
    }

    @Test func latentsOfTwoCodersInOneNodeAreRefused() throws {
        let more = """
              other: { type: encode, inputs: [residual], coder: random, like: \(TinyModel.coder), hookpoint: layers.1 }
              seen: { type: reservoir, inputs: [other] }
              one: { type: explain, explainer: lexical, inputs: [evidence] }
              two: { type: explain, explainer: lexical, inputs: [seen] }
              both: { type: score, method: execution, inputs: [one, two] }

            """
        let message = try message(text() + more, code: .severalCoders, line: 29, column: 51)
        #expect(message == "both is fed with latents of several coders: codes, other")
    }

    @Test func explanationsOfTwoReservoirsInOneScoreNodeAreRefused() throws {
        let more = """
              short: { type: reservoir, inputs: [codes], window: 16 }
              one: { type: explain, explainer: lexical, inputs: [evidence] }
              two: { type: explain, explainer: lexical, inputs: [short] }
              both: { type: score, method: execution, inputs: [one, two] }

            """
        let message = try message(text() + more, code: .severalReservoirs, line: 28, column: 51)
        #expect(message == "both is fed with explanations of several reservoirs: evidence, short")
    }

    @Test func eachFaultIsNamed() throws {
        let faulty = text(bos: "\"<|start|>\"", corpus: "absent.ndjson", coder: "\(directory.path)/absent")
        #expect(try diagnostics(of: faulty).map(\.code).sorted() == ["E601", "E601", "E605"])
    }

    /// A topology with an explainer and one score node.
    private func scored(_ node: String, models: String = "") -> String {
        text().replacing("sources:", with: models + "sources:", maxReplacements: 1) + """
              words: { type: explain, explainer: lexical, inputs: [evidence] }
              scored: { type: score, inputs: [words], \(node) }

            """
    }

    @Test(arguments: [
        ("[lexical]", "", "must hold `random`, on which the headline rests"),
        ("[random, semantic]", "", "with `semantic` needs `encoder:`, the model by whose vectors windows are near"),
        (
            "[random, lexical]", ", encoder: far",
            "is for semantic negatives only; add `semantic` to `negatives`, or leave it out"
        ),
    ]) func negativesThatCannotBeDrawnAreNamed(negatives: String, rest: String, end: String) throws {
        let far = "  far: { openai: \"http://127.0.0.1:9/v1\", model: e }\n"
        let found = try diagnostics(
            of: scored("method: execution, negatives: \(negatives)\(rest)", models: far))
        #expect(found.map(\.code) == ["E610"])
        #expect(found.first?.message.hasPrefix("scored: `") == true && found.first?.message.hasSuffix(end) == true)
    }

    @Test func anEncoderMayBeBehindAnEndpointOrTheModelOfItsNode() throws {
        let far = "  far: { openai: \"http://127.0.0.1:9/v1\", model: e }\n"
        for node in [
            "method: execution, negatives: [random, semantic], encoder: far",
            "method: embedding, model: far, negatives: [random, lexical, neighbour, semantic]",
            "method: detection, model: subject, negatives: [semantic, random], encoder: far",
        ] {
            #expect(try diagnostics(of: scored(node, models: far)) == [])
        }
    }

    @Test func anEncoderThatIsNoSentenceEncoderIsNamed() throws {
        let model = "  near: { path: \(directory.path)/model, bos: none }\n"
        let node = "method: fuzzing, model: subject, negatives: [random, semantic], encoder: near"
        let found = try diagnostics(of: scored(node, models: model))
        #expect(found.map(\.code) == ["E602"])
        #expect(found.first?.message.hasPrefix("model near: ") == true)
    }
}
