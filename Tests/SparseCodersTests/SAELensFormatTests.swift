import Elements
import Foundation
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct SAELensFormatTests {
    /// Compares codes and outputs with a definition, row by row.
    private func check(
        _ folder: SAELensFolder, _ naive: ([Float]) -> (codes: [Int: Double], output: [Double])
    ) throws {
        let coder = try folder.coder()
        var numbers = NumberStream(seed: 77)
        var input = numbers.matrix(40, folder.width)
        for index in 0..<20 * folder.width { input.values[index] *= 30 }
        let codes = try EncodeWorker(coder: coder).encode(input)
        let output = try coder.reconstruct(codes, input: input)
        for row in 0..<40 {
            let expected = naive(Array(input.values[row * folder.width..<(row + 1) * folder.width]))
            let pairs = codes.rowStarts[row]..<codes.rowStarts[row + 1]
            #expect(codes.latents[pairs].map { Int($0) } == expected.codes.keys.sorted())
            for pair in pairs {
                let wanted = expected.codes[Int(codes.latents[pair])] ?? 0
                #expect(abs(Double(codes.activations[pair]) - wanted) <= 1e-5 * max(1, abs(wanted)))
            }
            for (found, wanted) in zip(
                output.values[row * output.columns..<(row + 1) * output.columns], expected.output)
            {
                #expect(abs(Double(found) - wanted) <= 1e-4 * max(1, abs(wanted)))
            }
        }
    }

    private func centred(_ row: [Float], _ folder: SAELensFolder) -> [Float] {
        zip(row, folder.values("b_dec")).map { $0 - $1 }
    }

    @Test func theInputIsCentredUnlessTheSettingsSayNo() throws {
        let folder = try SAELensFolder("standard")
        try check(folder) { row in
            let codes = NaiveActivation.threshold(folder.preActivations(centred(row, folder)), nil)
            return (codes, folder.output(codes))
        }
        folder.settings["apply_b_dec_to_input"] = false
        try check(folder) { row in
            let codes = NaiveActivation.threshold(folder.preActivations(row), nil)
            return (codes, folder.output(codes))
        }
    }

    /// As Python's reader has it.
    @Test func ofASettingThatComesTwiceTheLastCounts() throws {
        let folder = try TemporaryFolder(["cfg.json": Array(#"{"k": 4, "a": {"b": 1, "b": 2}, "k": 7}"#.utf8)])
        let settings = try SettingsFile(path: folder.file("cfg.json"))
        #expect(try settings.integer("k", in: 1...9) == 7 && settings.object("a").integer("b", in: 1...9) == 2)
    }

    @Test func layerNormIsDoneAndUndone() throws {
        let folder = try SAELensFolder("standard")
        folder.settings["normalize_activations"] = "layer_norm"
        try check(folder) { row in
            let mean = row.reduce(0, +) / 6
            let deviation = (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5).squareRoot()
            let normal = row.map { ($0 - mean) / (deviation + 1e-5) }
            let codes = NaiveActivation.threshold(folder.preActivations(centred(normal, folder)), nil)
            return (codes, folder.output(codes).map { $0 * Double(deviation) + Double(mean) })
        }
    }

    @Test func constantNormIsDoneAndUndone() throws {
        let folder = try SAELensFolder("standard")
        folder.settings["normalize_activations"] = "constant_norm_rescale"
        try check(folder) { row in
            let factor = Float(6).squareRoot() / row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let codes = NaiveActivation.threshold(
                folder.preActivations(centred(row.map { $0 * factor }, folder)), nil)
            return (codes, folder.output(codes).map { $0 / Double(factor) })
        }
        let zeros = Matrix(rows: 1, columns: 6)
        let codes = try EncodeWorker(coder: folder.coder()).encode(zeros)
        #expect(try folder.coder().reconstruct(codes, input: zeros).values.allSatisfy(\.isFinite))
    }

    @Test func aTranscoderMayWriteAnotherWidthAndIsNotScaledBack() throws {
        let folder = try SAELensFolder("transcoder", outputWidth: 9)
        folder.settings["d_out"] = 9
        folder.settings["normalize_activations"] = "constant_norm_rescale"
        folder.settings["metadata"] = [
            "sae_lens_version": "6.1.0", "hook_name": "blocks.3.ln2.hook_normalized",
            "hook_name_out": "blocks.3.hook_mlp_out",
        ]
        try check(folder) { row in
            let factor = Float(6).squareRoot() / row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let codes = NaiveActivation.threshold(folder.preActivations(row.map { $0 * factor }), nil)
            return (codes, folder.output(codes))
        }
        let coder = try folder.coder()
        #expect(coder.inputWidth == 6 && coder.outputWidth == 9)
        #expect(coder.placement.isTranscoder && coder.placement.input == "blocks.3.ln2.hook_normalized")
        #expect(
            coder.placement.inputPlace == .hookpoint("layers.3.mlp.input.normalized")
                && coder.placement.outputPlace == .hookpoint("layers.3.mlp.normed"))
    }

    @Test func aJumpReLUSkipTranscoderHasBoth() throws {
        let folder = try SAELensFolder("jumprelu_skip_transcoder")
        folder.settings["d_out"] = 6
        var numbers = NumberStream(seed: 12)
        let (thresholds, skip) = (numbers.floats(30), numbers.floats(36))
        folder.add("threshold", [30], thresholds)
        folder.add("W_skip", [6, 6], skip)
        try check(folder) { row in
            let codes = NaiveActivation.threshold(folder.preActivations(row), thresholds.map { Double($0) })
            let output = folder.output(codes).enumerated().map { column, value in
                (0..<6).reduce(value) { $0 + Double(skip[column * 6 + $1]) * Double(row[$1]) }
            }
            return (codes, output)
        }
    }

    @Test(arguments: ["batchtopk", "matryoshka_batchtopk"])
    func batchTopKUsesTheThresholdThatItLearnt(name: String) throws {
        let folder = try SAELensFolder(name)
        folder.add("topk_threshold", [], [1.25])
        let norms = (0..<30).map { latent in
            folder.values("W_dec")[latent * 6..<(latent + 1) * 6].reduce(0.0) { $0 + Double($1) * Double($1) }
                .squareRoot()
        }
        try check(folder) { row in
            let values = zip(folder.preActivations(centred(row, folder)), norms).map(*)
            let codes = NaiveActivation.threshold(values, [Double](repeating: 1.25, count: 30))
            return (codes, folder.output(codes, scales: norms.map { 1 / $0 }))
        }
        folder.settings["rescale_acts_by_decoder_norm"] = false
        try check(folder) { row in
            let values = folder.preActivations(centred(row, folder))
            let codes = NaiveActivation.threshold(values, [Double](repeating: 1.25, count: 30))
            return (codes, folder.output(codes))
        }
        folder.tensors.removeLast()
        guard case .tensor(_, "topk_threshold", _, _)? = try folder.error() else {
            Issue.record("taken")
            return
        }
    }

    @Test func rescalingByTheDecodersNormDecidesWhichLatentsAreKept() throws {
        let folder = try SAELensFolder("topk")
        folder.settings["k"] = 4
        folder.settings["rescale_acts_by_decoder_norm"] = true
        let norms = (0..<30).map { latent in
            folder.values("W_dec")[latent * 6..<(latent + 1) * 6].reduce(0.0) { $0 + Double($1) * Double($1) }
                .squareRoot()
        }
        try check(folder) { row in
            let values = zip(folder.preActivations(centred(row, folder)), norms).map(*)
            let codes = NaiveActivation.topK(values, k: 4)
            return (codes, folder.output(codes, scales: norms.map { 1 / $0 }))
        }
        let row = try folder.coder().decoderRow(3)
        #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }

    @Test func aFinetuningScaleActsOnTheWayToTheDecoder() throws {
        let folder = try SAELensFolder("standard")
        var numbers = NumberStream(seed: 13)
        let scales = numbers.floats(30)
        folder.add("scaling_factor", [30], scales)
        guard case .tensor(_, "scaling_factor", _, _)? = try folder.error() else {
            Issue.record("taken")
            return
        }
        folder.settings["finetuning_scaling_factor"] = true
        try check(folder) { row in
            let codes = NaiveActivation.threshold(folder.preActivations(centred(row, folder)), nil)
            return (codes, folder.output(codes, scales: scales.map { Double($0) }))
        }
        folder.tensors.removeLast()
        folder.add("scaling_factor", [30], [Float](repeating: 1, count: 30))
        folder.settings["finetuning_scaling_factor"] = false
        #expect(try folder.error() == nil)
    }

    @Test func settingsOfBeforeVersionSixAreRead() throws {
        let folder = try SAELensFolder("standard")
        folder.settings = [
            "d_in": 6, "d_sae": 30, "dtype": "torch.float32", "hook_point": "blocks.10.hook_resid_pre",
            "normalize_activations": false, "activation_fn_str": "topk", "activation_fn_kwargs": ["k": 3],
            "finetuning_scaling_factor": false,
        ]
        let coder = try folder.coder()
        #expect(coder.activation == .topK && coder.k == 3)
        #expect(coder.placement.input == "blocks.10.hook_resid_pre")
        #expect(coder.placement.inputPlace == .hookpoint("layers.9"))
        folder.settings["activation_fn_str"] = "relu"
        #expect(try folder.coder().activation == .relu)
        folder.settings["activation_fn_str"] = "tanh-relu"
        #expect(try folder.error()?.description.contains("\"activation_fn_str\": found \"tanh-relu\"") == true)
    }

    @Test(arguments: [
        ("architecture", "temporal" as any Sendable, "\"temporal\""),
        ("architecture", 3, "3"), ("d_in", 0, "0"), ("d_sae", "30", "\"30\""), ("dtype", "int8", "\"int8\""),
        ("normalize_activations", "expected_average_only_in", "\"expected_average_only_in\""),
        ("normalize_activations", "covariance_whitening", "\"covariance_whitening\""),
        ("normalize_activations", "zscore", "\"zscore\""),
        ("reshape_activations", "heads", "\"heads\""), ("apply_b_dec_to_input", "yes", "\"yes\""),
        ("metadata", [1], "a list or an object"),
    ])
    func aSettingThatCannotBeRightIsNamed(field: String, value: any Sendable, found: String) throws {
        let folder = try SAELensFolder("standard")
        folder.settings[field] = value
        guard case .setting(let file, let named, let shown, let expected)? = try folder.error() else {
            Issue.record("taken")
            return
        }
        #expect(file == folder.path + "/cfg.json" && named == field && shown == found && !expected.isEmpty)
    }

    @Test func aTranscoderThatIsCentredOrHasNoWidthIsRefused() throws {
        let folder = try SAELensFolder("transcoder")
        #expect(try folder.error()?.description.contains("\"d_out\": found nothing") == true)
        folder.settings["d_out"] = 6
        #expect(try folder.error() == nil)
        folder.settings["apply_b_dec_to_input"] = true
        #expect(try folder.error()?.description.contains("\"apply_b_dec_to_input\": found true") == true)
    }

    @Test func aTensorThatIsNotReadIsNamed() throws {
        let folder = try SAELensFolder("standard")
        folder.add("threshold", [30], [Float](repeating: 0, count: 30))
        guard case .tensor(_, "threshold", let found, let expected)? = try folder.error() else {
            Issue.record("taken")
            return
        }
        #expect(found == "a tensor that this kind of coder does not have" && expected.contains("W_dec, W_enc"))
    }

    @Test func aWeightThatIsNotFiniteIsNamedByItsPlaceInTheFile() throws {
        for name in ["W_enc", "W_dec"] {
            let folder = try SAELensFolder("standard")
            for place in folder.tensors.indices where folder.tensors[place].name == name {
                folder.tensors[place].values[67] = .nan
            }
            guard case .tensor(_, let tensor, let found, _)? = try folder.error() else {
                Issue.record("taken")
                return
            }
            #expect(tensor == name)
            #expect(found == (name == "W_enc" ? "nan at row 2, column 7" : "nan at row 11, column 1"))
        }
    }
}
