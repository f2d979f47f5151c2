import Elements
import Foundation
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct SparsifyFormatTests {
    private func error(_ folder: CoderFolder) throws -> CoderError? {
        let path = try folder.write()
        do throws(CoderError) {
            _ = try SparseCoder(folder: path)
            return nil
        } catch {
            return error
        }
    }

    private func folder() throws -> CoderFolder { try CoderFolder(width: 6, latents: 30, k: 3) }

    @Test func identityCarriesShapeAndDigest() throws {
        let coder = try folder().coder()
        let identity = coder.identity(name: "codes", hookpoint: "layers.10")
        #expect(identity == CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 30, digest: coder.digest))
    }

    @Test func theDigestChangesWithEveryWeightAndWithK() throws {
        let first = try folder().coder().digest
        #expect(try folder().coder().digest == first)
        for name in ["encoder.weight", "encoder.bias", "W_dec", "b_dec"] {
            let other = try folder()
            other.set(name, at: 1, to: 0.125)
            #expect(try other.coder().digest != first)
        }
        let other = try folder()
        other.settings["k"] = 4
        #expect(try other.coder().digest != first)
        other.settings["k"] = 3
        other.settings["transcode"] = true
        #expect(try other.coder().digest != first)
    }

    @Test func halvesAreReadAsTheValuesTheyStandFor() throws {
        var numbers = NumberStream(seed: 8)
        let input = numbers.matrix(20, 6)
        let cut = try folder()
        for place in cut.tensors.indices {
            cut.tensors[place].values = cut.tensors[place].values.map {
                Float(bitPattern: $0.bitPattern & 0xffff_0000)
            }
        }
        let expected = try EncodeWorker(coder: cut.coder()).encode(input)
        let brain = try cut.writeHalves(type: "BF16") { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }
        #expect(try EncodeWorker(coder: SparseCoder(folder: brain)).encode(input) == expected)

        let rounded = try folder()
        for place in rounded.tensors.indices {
            rounded.tensors[place].values = rounded.tensors[place].values.map { Float(Float16($0)) }
        }
        let exact = try rounded.coder()
        let codes = try EncodeWorker(coder: exact).encode(input)
        let output = try exact.reconstruct(codes, input: input)
        let half = try SparseCoder(folder: rounded.writeHalves(type: "F16") { Float16($0).bitPattern })
        #expect(try EncodeWorker(coder: half).encode(input) == codes)
        #expect(try half.reconstruct(codes, input: input) == output)
    }

    @Test func theNumberOfLatentsMayBeGivenAsAFactor() throws {
        let folder = try folder()
        folder.settings["num_latents"] = 0
        folder.settings["expansion_factor"] = 5
        #expect(try folder.coder().latents == 30)
    }

    @Test(arguments: [
        ("activation", "relu" as any Sendable, "\"relu\""), ("activation", 3, "3"), ("signed", true, "true"),
        ("k", 0, "0"), ("k", 31, "31"), ("k", "3", "\"3\""), ("k", 2.5, "2.5"), ("d_in", -1, "-1"),
        ("num_latents", true, "true"), ("num_latents", [1], "a list or an object"),
        ("transcode", "yes", "\"yes\""), ("skip_connection", 1, "1"),
    ])
    func aSettingThatCannotBeRightIsNamed(field: String, value: any Sendable, found: String) throws {
        let folder = try folder()
        folder.settings[field] = value
        guard case .setting(let file, let named, let shown, _)? = try error(folder) else {
            Issue.record("taken")
            return
        }
        #expect(file == folder.path + "/cfg.json")
        #expect(named == field)
        #expect(shown == found)
    }

    @Test func groupsMustDivideTheLatents() throws {
        let folder = try folder()
        folder.settings["activation"] = "groupmax"
        let digest = try folder.coder().digest
        #expect(try digest != self.folder().coder().digest)
        folder.settings["k"] = 4
        let error = try #require(try error(folder))
        #expect(error.description.contains("field \"k\": found 4, expected a divisor of 30"))
    }

    @Test(arguments: ["k", "d_in"])
    func aMissingSettingIsNamed(field: String) throws {
        let folder = try folder()
        folder.settings[field] = nil
        let error = try #require(try error(folder))
        #expect(error.description.contains("field \"\(field)\": found nothing, expected a whole number from 1"))
    }

    @Test(arguments: ["encoder.weight", "encoder.bias", "W_dec", "b_dec"])
    func aMissingTensorIsNamed(name: String) throws {
        let folder = try folder()
        folder.tensors.removeAll { $0.name == name }
        let error = try #require(try error(folder))
        #expect(error.description.contains("sae.safetensors: tensor \"\(name)\": found no such tensor among"))
    }

    @Test(arguments: ["encoder.weight", "encoder.bias", "W_dec", "b_dec"])
    func aTensorOfAnotherShapeIsNamed(name: String) throws {
        let folder = try folder()
        for place in folder.tensors.indices where folder.tensors[place].name == name {
            folder.tensors[place].shape[0] += 1
            let count = folder.tensors[place].shape.reduce(1, *)
            folder.tensors[place].values = [Float](repeating: 0, count: count)
        }
        guard case .tensor(_, let tensor, let found, let expected)? = try error(folder) else {
            Issue.record("taken")
            return
        }
        #expect(tensor == name)
        #expect(found.hasPrefix("shape [") && expected.hasPrefix("shape [") && found != expected)
    }

    @Test(arguments: ["encoder.weight", "encoder.bias", "W_dec", "b_dec"], [Float.nan, .infinity])
    func aWeightThatIsNotFiniteIsNamed(name: String, value: Float) throws {
        let folder = try folder()
        folder.set(name, at: 3, to: value)
        guard case .tensor(_, let tensor, let found, _)? = try error(folder) else {
            Issue.record("taken")
            return
        }
        #expect(tensor == name)
        #expect(found == "\(value) at row 0, column 3")
    }

    @Test func aSkipTranscoderNeedsItsSkip() throws {
        let folder = try folder()
        folder.settings["skip_connection"] = true
        guard case .tensor(_, "W_skip", _, _)? = try error(folder) else {
            Issue.record("taken")
            return
        }
    }

    @Test func filesThatAreDamagedAreNamed() throws {
        let folder = try folder()
        let path = try folder.write()
        let weights = try Data(contentsOf: URL(fileURLWithPath: path + "/sae.safetensors"))
        try weights.prefix(weights.count - 9).write(to: URL(fileURLWithPath: path + "/sae.safetensors"))
        #expect(throws: CoderError.self) { try SparseCoder(folder: path) }
        try weights.write(to: URL(fileURLWithPath: path + "/sae.safetensors"))
        for (text, reason) in [
            ("{\"k\":", "it is not JSON: expected a value, found the end; restore it"),
            ("[3]", "it is not a JSON object"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/cfg.json"))
            #expect(throws: CoderError.unreadable(file: path + "/cfg.json", reason: reason)) {
                try SparseCoder(folder: path)
            }
        }
    }

    @Test func aWholeNumberMayBeWrittenWithAFraction() throws {
        let folder = try folder()
        let path = try folder.write()
        let settings = try String(contentsOfFile: path + "/cfg.json", encoding: .utf8)
        let k = try #require(folder.settings["k"] as? Int)
        let changed = settings.replacing("\"k\":\(k)", with: "\"k\":\(k).0")
        #expect(changed != settings)
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path + "/cfg.json"))
        #expect(try SparseCoder(folder: path).latents == 30)
        try Data(settings.replacing("\"k\":\(k)", with: "\"k\":\(k).5").utf8)
            .write(to: URL(fileURLWithPath: path + "/cfg.json"))
        #expect(throws: CoderError.self) { try SparseCoder(folder: path) }
    }

    @Test(arguments: [("sparsify_topk", "layers.3.mlp", false), ("sparsify_transcoder", "layers.3.mlp.input", true)])
    func aFolderIsNamedByTheModuleWhoseOutputOrInputIsRead(golden: String, read: String, isTranscoder: Bool) throws {
        let folder = try TemporaryFolder()
        let place = folder.file("layers.3.mlp")
        try FileManager.default.copyItem(atPath: GoldenFiles.path("coders/" + golden), toPath: place)
        let placement = try SparseCoder(folder: place).placement
        #expect(placement.inputPlace == .hookpoint(read) && placement.outputPlace == .hookpoint("layers.3.mlp"))
        #expect(placement.isTranscoder == isTranscoder)
    }

}
