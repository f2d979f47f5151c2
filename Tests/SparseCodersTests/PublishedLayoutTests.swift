import Elements
import Foundation
import Hashing
import TestSupport
import Testing

@testable import SparseCoders

/// Coders in the layouts in which they are published, against their own libraries run in PyTorch (`Golden/coders/make_published.py`).
@Suite struct PublishedLayoutTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        let address: String
        var golden = "golden.safetensors"
        let activation: ActivationKind
        var place: String? = "layers.1"
        var output: String?
        var latents = 40
        var given = CoderGivens()
        var testDescription: String { address }
    }

    private static let qwen = "qwen_scope/SAE-Res-Qwen3-0.1B-Base-W1K-L0_6"

    static let layouts = [
        Layout(address: "dictionary_standard", activation: .relu),
        Layout(address: "dictionary_gated", activation: .gated),
        Layout(address: "dictionary_jumprelu", activation: .jumpReLU),
        Layout(address: "dictionary_topk", activation: .topK),
        Layout(address: "dictionary_batchtopk", activation: .jumpReLU),
        Layout(address: "dictionary_matryoshka", activation: .jumpReLU),
        Layout(address: qwen + "#1", activation: .topK),
        Layout(address: qwen + "/layer1.sae.pt", activation: .topK),
        Layout(address: "llama_scope", activation: .jumpReLU),
        Layout(address: "llama_scope_r1", activation: .jumpReLU, given: CoderGivens(averageNorm: 9.5)),
        Layout(address: "saelens_average", activation: .relu, given: CoderGivens(averageNorm: 9.5)),
        Layout(address: "saelens_abstopk", activation: .topK, latents: 80),
        Layout(
            address: "transcoder_set#0", golden: "golden_0.safetensors", activation: .relu, place: "layers.0.mlp.input",
            output: "layers.0.mlp"),
        Layout(
            address: "transcoder_set/layer_1.safetensors", golden: "golden_1.safetensors", activation: .jumpReLU,
            place: "layers.1.mlp.input", output: "layers.1.mlp"),
        Layout(
            address: "cross_layer#1", golden: "golden_1.safetensors", activation: .jumpReLU, place: "layers.1.middle",
            output: "layers.1.mlp.normed"),
        Layout(address: "linear_layers/Tiny-8B-Instruct-SAE-l19.pth", activation: .relu, place: "layers.19"),
        Layout(address: "heads/gpt2-small_L5_Hcat_z.pt", activation: .relu, place: "layers.5.attn.heads"),
    ]

    private static func path(_ address: String) -> String { GoldenFiles.path("coders/" + address) }

    /// The folder that an address is of.
    private static func folder(_ address: String) -> String {
        let path = path(address.contains("#") ? String(address.prefix { $0 != "#" }) : address)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? path : URL(filePath: path).deletingLastPathComponent().path
    }

    @Test(arguments: layouts) func codesAndOutputAreThoseOfTheLibrary(layout: Layout) throws {
        let file = Self.folder(layout.address) + "/" + layout.golden
        let input = try Golden.matrix("input", in: file)
        let codes = try Golden.matrix("codes", in: file)
        let output = try Golden.matrix("output", in: file)
        let coder = try SparseCoder(folder: Self.path(layout.address), given: layout.given)
        #expect(coder.inputWidth == 16 && coder.latents == layout.latents && coder.activation == layout.activation)
        let found = try EncodeWorker(coder: coder).encode(input)
        let dense = found.dense(latents: coder.latents)
        #expect(dense.rows == codes.rows && dense.columns == codes.columns)
        for (one, other) in zip(dense.values, codes.values) {
            #expect((one > 0) == (other > 0) && abs(one - other) <= 1e-5)
        }
        #expect(codes.values.contains { $0 > 0 } && codes.values.contains { $0 == 0 })
        guard coder.hasDecoder else {
            #expect(throws: CoderError.noDecoder) { try coder.decoderRow(0) }
            #expect(throws: CoderError.noDecoder) { try coder.reconstruct(found, input: input) }
            return
        }
        for (one, other) in zip(try coder.reconstruct(found, input: input).values, output.values) {
            #expect(abs(one - other) <= 1e-5)
        }
        #expect(try coder.decoderRow(coder.latents - 1).count == 16)
    }

    @Test(arguments: layouts) func thePlaceIsTheOneThatTheFilesName(layout: Layout) throws {
        let placement = try SparseCoder(folder: Self.path(layout.address), given: layout.given).placement
        #expect(placement.inputPlace == layout.place.map(PlaceName.hookpoint))
        #expect(placement.isTranscoder == (layout.output != nil))
        if let output = layout.output { #expect(placement.outputPlace == .hookpoint(output)) }
    }

    @Test func trainingIsReadWhereItIsSaid() throws {
        let dictionary = try SparseCoder(folder: Self.path("dictionary_topk")).placement.training
        #expect(dictionary == CoderTraining(model: "EleutherAI/pythia-70m-deduped", contextLength: 128))
        #expect(try SparseCoder(folder: Self.path("transcoder_set#0")).placement.training.model == "Qwen/Qwen3-0.6B")
    }

    @Test func theTwoSidesOfASignedLatentHaveOppositeDirections() throws {
        let coder = try SparseCoder(folder: Self.path("saelens_abstopk"))
        #expect(try coder.decoderRow(3) == coder.decoderRow(43).map { -$0 })
        #expect(coder.k == 6)
    }

    private static func message(_ address: String, _ given: CoderGivens = CoderGivens()) -> String {
        do throws(CoderError) {
            _ = try SparseCoder(folder: path(address), given: given)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func whatIsMissingIsAskedForByTheNameOfItsField() {
        for address in ["llama_scope_r1", "saelens_average"] {
            #expect(Self.message(address).contains("give `average_norm:`"))
            #expect(!Self.message(address, CoderGivens(averageNorm: 0)).isEmpty)
        }
    }

    @Test func whatIsGivenWithoutNeedIsRefused() {
        #expect(
            Self.message("dictionary_topk", CoderGivens(averageNorm: 3)).contains(
                "field \"average_norm\": found a number, expected nothing"))
        #expect(
            Self.message("dictionary_standard", CoderGivens(k: 3)).contains("field \"k\": found 3, expected nothing"))
        #expect(
            Self.message("dictionary_topk", CoderGivens(k: 3)).contains(
                "field \"k\": found 3, expected 6, as config.json says"))
        #expect(Self.message("llama_scope", CoderGivens(averageNorm: 3)).contains("as `average_norm` says"))
    }

    @Test func aScaleChangesTheDigest() throws {
        func digest(_ norm: Double) throws -> Hash128 {
            try SparseCoder(folder: Self.path("saelens_average"), given: CoderGivens(averageNorm: norm)).digest
        }
        #expect(try digest(9.5) == digest(9.5) && digest(9.5) != digest(9))
    }

    @Test func theNumberOfLatentsIsGivenWhereTheFolderIsRenamed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: Self.path(Self.qwen + "/layer1.sae.pt"), toPath: folder.path + "/layer1.sae.pt")
        let address = folder.path + "/layer1.sae.pt"
        #expect(throws: CoderError.self) { try SparseCoder(folder: address) }
        #expect(try SparseCoder(folder: address, given: CoderGivens(k: 6)).k == 6)
        #expect(throws: CoderError.self) { try SparseCoder(folder: address, given: CoderGivens(k: 4_000)) }
    }

    @Test(arguments: layouts) func anyChangedByteGivesACoderOrAnErrorButNeverATrap(layout: Layout) throws {
        let folder = try TemporaryFolder()
        let source = Self.folder(layout.address)
        // The last part stays, since some names say something.
        let copy = folder.path + "/" + URL(filePath: source).lastPathComponent
        let address = Self.path(layout.address).replacing(source, with: copy)
        try FileManager.default.copyItem(atPath: source, toPath: copy)
        let input = try Golden.matrix("input", in: source + "/" + layout.golden)
        let files = try FileManager.default.subpathsOfDirectory(atPath: copy)
            .filter { !$0.hasPrefix("golden") && $0.contains(".") }.sorted()
        #expect(!files.isEmpty)
        var numbers = NumberStream(seed: UInt64(layout.address.count))
        var refused = 0
        for file in files {
            let name = URL(filePath: copy).lastPathComponent + "/" + file
            let whole = [UInt8](try Data(contentsOf: URL(filePath: copy + "/" + file)))
            for round in 0..<60 {
                var bytes = whole
                if round % 10 == 9 { bytes = Array(bytes.prefix(Int.random(in: 0..<whole.count, using: &numbers))) }
                for _ in 0...round % 4 where !bytes.isEmpty {
                    let near = Int.random(in: 0..<min(700, bytes.count), using: &numbers)
                    bytes[Bool.random(using: &numbers) ? near : bytes.count - 1 - near] =
                        Array("019-,:[]{}\"ekx\u{0}\u{7f}".utf8).randomElement(using: &numbers) ?? 0
                }
                try folder.replace(name, with: bytes)
                do throws(CoderError) {
                    let coder = try SparseCoder(folder: address, given: layout.given)
                    guard coder.inputWidth == 16 else { continue }
                    let codes = try EncodeWorker(coder: coder).encode(input)
                    if coder.hasDecoder { _ = try coder.reconstruct(codes, input: input) }
                } catch {
                    #expect(!error.description.isEmpty)
                    refused += 1
                }
            }
            try folder.replace(name, with: whole)
        }
        #expect(refused > 10)
    }
}
