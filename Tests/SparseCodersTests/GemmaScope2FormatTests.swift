import Elements
import Foundation
import TestSupport
import Testing
import WeightFiles

@testable import SparseCoders

@Suite struct GemmaScope2FormatTests {
    private let folder: TemporaryFolder
    private let width = 6
    private let latents = 30

    init() throws { folder = try TemporaryFolder() }

    private typealias Tensors = [(name: String, shape: [Int], values: [Float])]

    private func tensors(output: Int = 6, skips: Bool = false) -> Tensors {
        var numbers = NumberStream(seed: 11)
        var tensors: Tensors = [
            ("w_enc", [width, latents], numbers.floats(width * latents)), ("b_enc", [latents], numbers.floats(latents)),
            ("threshold", [latents], numbers.floats(latents).map(abs)),
            ("w_dec", [latents, output], numbers.floats(latents * output)), ("b_dec", [output], numbers.floats(output)),
        ]
        if skips { tensors.append(("affine_skip_connection", [width, output], numbers.floats(width * output))) }
        return tensors
    }

    private func coder(
        _ tensors: Tensors, at path: String = "coder", settings: [String: Any]? = nil
    ) throws -> SparseCoder {
        let place = folder.path + "/" + path
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try SafetensorsFile.write(tensors, to: place + "/params.safetensors")
        if let settings {
            try JSONSerialization.data(withJSONObject: settings).write(to: URL(fileURLWithPath: place + "/config.json"))
        }
        return try SparseCoder(folder: place)
    }

    /// What is wrong with a coder, in a folder of its own.
    private func error(_ tensors: Tensors, settings: [String: Any]? = nil) throws -> String? {
        do {
            _ = try coder(tensors, at: UUID().uuidString, settings: settings)
            return nil
        } catch let error as CoderError {
            return error.description
        }
    }

    @Test(arguments: [false, true]) func codesAndOutputFollowTheDefinition(skips: Bool) throws {
        let tensors = tensors(output: 7, skips: skips)
        let coder = try coder(tensors)
        let values = { (name: String) in tensors.first { $0.name == name }?.values ?? [] }
        var numbers = NumberStream(seed: 5)
        let input = try #require(Matrix(rows: 9, columns: width, values: numbers.floats(9 * width)))
        let codes = try EncodeWorker(coder: coder).encode(input)
        let output = try coder.reconstruct(codes, input: input)
        for row in 0..<9 {
            let x = Array(input.values[row * width..<(row + 1) * width])
            var active: [Int: Double] = [:]
            for latent in 0..<latents {
                let sum = (0..<width).reduce(Double(values("b_enc")[latent])) {
                    $0 + Double(x[$1]) * Double(values("w_enc")[$1 * latents + latent])
                }
                if sum > Double(values("threshold")[latent]) { active[latent] = sum }
            }
            let pairs = codes.rowStarts[row]..<codes.rowStarts[row + 1]
            #expect(codes.latents[pairs].map(Int.init) == active.keys.sorted())
            for pair in pairs {
                #expect(abs(Double(codes.activations[pair]) - (active[Int(codes.latents[pair])] ?? 0)) < 1e-5)
            }
            for column in 0..<7 {
                var expected = active.reduce(Double(values("b_dec")[column])) {
                    $0 + $1.value * Double(values("w_dec")[$1.key * 7 + column])
                }
                if skips {
                    for place in 0..<width {
                        expected += Double(x[place]) * Double(values("affine_skip_connection")[place * 7 + column])
                    }
                }
                #expect(abs(Double(output.values[row * 7 + column]) - expected) < 1e-4)
            }
        }
    }

    @Test func theArraysOfTheFirstGemmaScopeGiveTheSameCodes() throws {
        let golden = GoldenFiles.path("coders/gemmascope")
        let arrays = try NumPyArchive(path: golden + "/params.npz").arrays
        let names = ["W_enc": "w_enc", "b_enc": "b_enc", "threshold": "threshold", "W_dec": "w_dec", "b_dec": "b_dec"]
        let copied = try arrays.sorted { $0.key < $1.key }.map { name, tensor in
            (name: names[name] ?? name, shape: tensor.shape, values: try tensor.floats())
        }
        let input = try Golden.matrix("input", in: golden + "/golden.safetensors")
        let codes = try EncodeWorker(coder: SparseCoder(folder: golden)).encode(input)
        #expect(try EncodeWorker(coder: coder(copied)).encode(input) == codes)
    }

    @Test func theSettingsSayWhereItWasTrained() throws {
        let read = "model.layers.5.pre_feedforward_layernorm.output"
        let written = "model.layers.5.post_feedforward_layernorm.output"
        let placement = try coder(
            tensors(skips: true),
            settings: [
                "architecture": "jump_relu", "width": latents, "hf_hook_point_in": read, "hf_hook_point_out": written,
                "model_name": "google/gemma-3-4b-it", "l0": 60, "affine_connection": true,
            ]
        ).placement
        #expect(placement.isTranscoder && placement.inputPlace == .hookpoint("layers.5.mlp.input"))
        #expect(placement.outputPlace == .hookpoint("layers.5.mlp.normed"))
        let alone = try coder(tensors(), at: "alone", settings: ["hf_hook_point_in": "model.layers.9.output"]).placement
        #expect(!alone.isTranscoder && alone.inputPlace == .hookpoint("layers.9"))
    }

    @Test(arguments: [
        ("resid_post_all/layer_9_width_16k_l0_small", "layers.9", false),
        ("resid_post/layer_12_width_65k_l0_medium", "layers.12", false),
        ("attn_out/layer_9_width_16k_l0_big", "layers.9.attn.heads", false),
        ("mlp_out_all/layer_0_width_16k_l0_big", "layers.0.mlp.normed", false),
        ("transcoder_all/layer_5_width_16k_l0_big_affine", "layers.5.mlp.input", true),
    ]) func withoutSettingsThePathSaysIt(path: String, hookpoint: String, isTranscoder: Bool) throws {
        let placement = try coder(tensors(), at: path).placement
        #expect(placement.inputPlace == .hookpoint(hookpoint) && placement.isTranscoder == isTranscoder)
        #expect(placement.hasManyPlaces)
    }

    @Test func ofACrossLayerTranscoderTheEncoderIsRead() throws {
        var tensors = tensors()
        let coder = try coder(tensors)
        tensors.removeAll { $0.name == "w_dec" }
        tensors.append(("w_dec", [latents, 3, width], [Float](repeating: 1, count: latents * 3 * width)))
        let place = folder.path + "/clt/width_30_l0_big"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try SafetensorsFile.write(tensors, to: place + "/params_layer_4.safetensors")
        let crossing = try SparseCoder(folder: place + "#4")
        var numbers = NumberStream(seed: 6)
        let input = try #require(Matrix(rows: 5, columns: width, values: numbers.floats(5 * width)))
        let codes = try EncodeWorker(coder: coder).encode(input)
        #expect(try EncodeWorker(coder: crossing).encode(input) == codes)
        #expect(!crossing.hasDecoder && crossing.placement.inputPlace == .hookpoint("layers.4.mlp.input"))
        #expect(!SparseCoder.hasDecoder(at: place + "#4") && SparseCoder.hasDecoder(at: folder.path + "/coder"))
        #expect(throws: CoderError.self) { try SparseCoder(folder: place) }
        #expect(throws: CoderError.self) { try SparseCoder(folder: place + "#5") }
    }

    @Test func aPathThatSaysNothingPlacesNothing() throws {
        #expect(try coder(tensors(), at: "mine").placement.inputPlace == nil)
    }

    @Test(arguments: [
        ("gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82", "layers.12"),
        ("gemma-scope-2b-pt-att/layer_3/width_16k/average_l0_40", "layers.3.attn.heads"),
        ("gemma-scope-9b-pt-mlp/layer_3/width_16k/average_l0_40", "layers.3.mlp.normed"),
    ]) func theFirstGemmaScopeIsPlacedByItsPath(path: String, hookpoint: String) throws {
        let place = folder.path + "/" + path
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: GoldenFiles.path("coders/gemmascope/params.npz"), toPath: place + "/params.npz")
        #expect(try SparseCoder(folder: place).placement.inputPlace == .hookpoint(hookpoint))
    }

    @Test func whatDoesNotGoTogetherIsNamed() throws {
        #expect(
            try error(tensors(), settings: ["width": 31])?.hasSuffix(
                "field \"width\": found 31, expected 30, the latents of the tensors") == true)
        #expect(try error(tensors(), settings: ["architecture": "topk"])?.contains("field \"architecture\"") == true)
        var missing = tensors()
        missing.removeAll { $0.name == "threshold" }
        #expect(try error(missing)?.contains("tensor \"threshold\": found no such tensor") == true)
        var more = tensors()
        more.append(("scaling", [2], [1, 1]))
        #expect(try error(more)?.contains("tensor \"scaling\"") == true)
        var short = tensors()
        short[1] = ("b_enc", [29], [Float](repeating: 0, count: 29))
        #expect(try error(short)?.contains("tensor \"b_enc\": found shape [29], expected shape [30]") == true)
    }
}
