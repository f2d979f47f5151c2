import Foundation
import Hashing
import StateFixtures
import Testing

@testable import Interchange

@Suite struct DelphiFoldersTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ path: String) throws { try DelphiFile().write(to: "\(directory.path)/\(path)") }

    @Test func thoseFoldersThatHoldACacheAreHookpointsByName() throws {
        for path in ["layers.2/0_1.safetensors", "layers.10/0_1.safetensors", "other/weights.safetensors"] {
            try write(path)
        }
        #expect(
            try DelphiCache.hookpoints(in: directory.path)
                == ["layers.10", "layers.2"].map { "\(directory.path)/\($0)" })
    }

    @Test func aFolderThatHoldsACacheItselfIsTheOnlyHookpoint() throws {
        for path in ["layers.2/0_1.safetensors", "0_1.safetensors"] { try write(path) }
        #expect(try DelphiCache.hookpoints(in: directory.path) == [directory.path])
    }

    @Test func aFolderWithoutACacheIsRefused() throws {
        try write("a/b/0_1.safetensors")
        let error = try #require(throws: InterchangeError.self) { try DelphiCache.hookpoints(in: directory.path) }
        #expect(
            error.description
                == "\(directory.path): files: found no cache, expected files such as 0_2047.safetensors, in it "
                + "or in a folder of it")
        #expect(error.kind == .configuration)
    }

    @Test func aFolderThatIsNotThereIsRefused() {
        #expect(throws: InterchangeError.self) { try DelphiCache.hookpoints(in: directory.path + "/none") }
    }

    @Test func theIdentityIsThatOfHookpointLatentsAndConfiguration() throws {
        try write("0_1.safetensors")
        let plain = try DelphiCache(folder: directory.path)
        let digest = plain.digest(hookpoint: "layers.10")
        #expect(plain.configuration == nil && plain.digest(hookpoint: "layers.10") == digest)
        #expect(plain.digest(hookpoint: "layers.1") != digest)
        try Data(#"{"model":"m"}"#.utf8).write(to: URL(fileURLWithPath: directory.path + "/config.json"))
        let configured = try DelphiCache(folder: directory.path)
        #expect(configured.configuration == #"{"model":"m"}"# && configured.digest(hookpoint: "layers.10") != digest)
        try write("2_3.safetensors")
        let wider = try DelphiCache(folder: directory.path)
        #expect(wider.latents == 4)
        #expect(wider.digest(hookpoint: "layers.10") != configured.digest(hookpoint: "layers.10"))
    }

    @Test(arguments: [.configuration, .damaged, .machine] as [InterchangeError.Kind])
    func anErrorReadsAsItsDescription(kind: InterchangeError.Kind) {
        #expect("\(InterchangeError(kind, "what, where, remedy"))" == "what, where, remedy")
    }
}
