import Elements
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

/// gpt-oss: how its experts are stored, and sinks.
@Suite struct GPTOSSTests {
    private static let golden = "gpt_oss"
    /// The values of four bits by their definition: a sign, two bits of exponent with a bias of 1, one bit of mantissa.
    private static func value(_ bits: Int) -> Float {
        let (sign, exponent, mantissa) = (bits >> 3, bits >> 1 & 3, Float(bits & 1))
        let size = exponent == 0 ? mantissa / 2 : Float(1 << (exponent - 1)) * (1 + mantissa / 2)
        return sign == 1 ? -size : size
    }

    /// A folder's tensors in bytes, as safetensors has them.
    private static func write(_ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])], to path: String)
        throws
    {
        var header: [String: Any] = [:]
        var data: [UInt8] = []
        for tensor in tensors {
            header[tensor.name] = [
                "dtype": tensor.type, "shape": tensor.shape,
                "data_offsets": [data.count, data.count + tensor.bytes.count],
            ]
            data += tensor.bytes
        }
        let text = try JSONSerialization.data(withJSONObject: header)
        try Data(GGUFBuilder.bytes(UInt64(text.count)) + Array(text) + data).write(to: URL(fileURLWithPath: path))
    }

    /// The golden model with experts drawn anew: in blocks of four bits, and as floats.
    private static func folders() throws -> (blocks: ModelFolder, floats: ModelFolder, exponents: Int) {
        var random = SplitMix(state: 9)
        let (blocks, floats) = (try ModelFolder(golden), try ModelFolder(golden))
        var stored: [(name: String, type: String, shape: [Int], bytes: [UInt8])] = []
        var plain = try ModelFolder.tensors(golden)
        for (index, tensor) in plain.enumerated() {
            guard tensor.name.hasSuffix("_proj"), tensor.name.contains(".experts.") else {
                stored.append((tensor.name, "F32", tensor.shape, GGUFBuilder.floats(tensor.values)))
                continue
            }
            let (count, columns, rows) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
            var (bytes, exponents) = ([UInt8](), [UInt8]())
            var values = tensor.values
            for expert in 0..<count {
                for row in 0..<rows {
                    for block in 0..<columns / 32 {
                        let exponent = UInt8(122 + random.next() % 4)
                        exponents.append(exponent)
                        for place in 0..<16 {
                            let byte = UInt8(truncatingIfNeeded: random.next())
                            bytes.append(byte)
                            for (half, bits) in [Int(byte) & 15, Int(byte) >> 4].enumerated() {
                                let column = 32 * block + 2 * place + half
                                values[(expert * columns + column) * rows + row] =
                                    value(bits) * Float(pow(2, Double(exponent) - 127))
                            }
                        }
                    }
                }
            }
            plain[index].values = values
            stored.append((tensor.name + "_blocks", "U8", [count, rows, columns / 32, 16], bytes))
            stored.append((tensor.name + "_scales", "U8", [count, rows, columns / 32], exponents))
        }
        try write(stored, to: blocks.path + "/model.safetensors")
        try floats.changeTensors { $0 = plain }
        try blocks.changeSettings { $0["quantization_config"] = ["quant_method": "mxfp4"] }
        return (blocks, floats, stored.count)
    }

    private static func logits(_ folder: ModelFolder) throws -> [Float] {
        let model = try LanguageModel(path: folder.path)
        return try ForwardPass(model: model, hookpoints: [], mode: .perContext).logits(of: [[3, 9, 27, 81, 243]]).values
    }

    @Test func blocksOfFourBitsAreTheFloatsThatTheyStandFor() throws {
        let (blocks, floats, _) = try Self.folders()
        let (found, expected) = (try Self.logits(blocks), try Self.logits(floats))
        #expect(relativeError(found, expected) < 1e-6)
        #expect(relativeError(found, try Self.logits(ModelFolder(Self.golden))) > 0.01)
        let session = try GenerationSession(model: LanguageModel(path: blocks.path))
        let last = try session.extend([3, 9, 27, 81, 243])
        #expect(relativeError(last, expected.suffix(512)) < 1e-5)
    }

    @Test func anExponentThatIsNoNumberIsNamed() throws {
        let (blocks, _, _) = try Self.folders()
        let path = blocks.path + "/model.safetensors"
        let file = try SafetensorsFile(path: path)
        let name = "model.layers.2.mlp.experts.down_proj_scales"
        var tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])] = []
        for tensor in file.tensors.values.sorted(by: { $0.name < $1.name }) {
            var bytes = tensor.withBytes { Array($0) }
            if tensor.name == name { bytes[293] = 255 }
            tensors.append((tensor.name, tensor.type == .u8 ? "U8" : "F32", tensor.shape, bytes))
        }
        try Self.write(tensors, to: path)
        // The third expert's: each has 64 rows of 2 blocks.
        #expect(throws: ModelError.notFinite(tensor: name, file: path, index: 293)) { try Self.logits(blocks) }
    }

    /// A sink's score is one more among the others; what it gets goes nowhere.
    @Test func anEndlessSinkLeavesNothingAndNoneAtAllLeavesAll() throws {
        func heads(_ sink: Float) throws -> [Float] {
            let folder = try ModelFolder(Self.golden)
            try folder.changeTensors { tensors in
                for place in tensors.indices where tensors[place].name.hasSuffix(".sinks") {
                    tensors[place].values = [Float](repeating: sink, count: 4)
                }
            }
            let pass = try ForwardPass(
                model: LanguageModel(path: folder.path), hookpoints: [Hookpoint(block: 0, site: .heads)],
                mode: .perContext)
            return try #require(try pass.activations(of: [[3]])["layers.0.attn.heads"]).values
        }
        #expect(try heads(1000).allSatisfy { $0 == 0 })
        let (all, half) = (try heads(-1000), try heads(1))
        // Of a single token the weight is all that the sink leaves: less for a higher sink.
        let ratios = zip(half, all).map { $0 / $1 }
        #expect(ratios.allSatisfy { $0 > 0 && $0 < 1 })
    }

    @Test func otherQuantisationsAreRefused() throws {
        let folder = try ModelFolder(Self.golden)
        try folder.changeSettings { $0["quantization_config"] = ["quant_method": "fp8"] }
        let error = #expect(throws: ModelError.self) { try LanguageModel(path: folder.path) }
        #expect(error?.description.contains("quantised by fp8") == true)
    }

    @Test(arguments: [
        ("num_local_experts", "0"), ("num_local_experts", "7"), ("num_experts_per_tok", "9"), ("swiglu_limit", "0"),
        ("swiglu_alpha", "\"x\""), ("attention_bias", "false"), ("intermediate_size", "32"), ("sliding_window", "0"),
    ])
    func aWrongSettingIsRefused(key: String, value: String) throws {
        let folder = try ModelFolder(Self.golden)
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try folder.changeSettings { $0[key] = object }
        let error = #expect(throws: ModelError.self) { try LanguageModel(path: folder.path) }
        #expect(error?.description.contains(folder.path) == true)
    }
}
