import Foundation
import Testing

@testable import WeightFiles

@Suite struct SystemRefusalTests {
    @Test(arguments: [
        (EMFILE, "too many open files; raise `ulimit -n`"),
        (ENFILE, "too many open files on this machine; raise fs.file-max"), (EACCES, "Permission denied"),
    ])
    func theReasonSaysWhatToRaise(code: Int32, reason: String) { #expect(SystemRefusal(code).reason == reason) }

    @Test(arguments: [(EMFILE, true), (ENOSPC, true), (EIO, true), (EROFS, true), (ENOENT, false), (EACCES, false)])
    func theMachineIsToldFromThePath(code: Int32, isOfTheMachine: Bool) {
        #expect(SystemRefusal(code).isOfTheMachine == isOfTheMachine)
        #expect((MappedFile.failure("m.gguf", "opening", code).kind == .machine) == isOfTheMachine)
    }

    @Test func aFileThatCannotBeOpenedForWantOfDescriptorsSaysSo() {
        #expect(
            MappedFile.failure("m.gguf", "opening", EMFILE).description
                == "m.gguf: file: found too many open files; raise `ulimit -n`, on opening it, expected a readable weight file"
        )
    }

    @Test func anErrorOfFoundationIsThatOfItsCause() throws {
        let error = #expect(throws: (any Error).self) { try Data(contentsOf: URL(fileURLWithPath: "/none/there")) }
        #expect(try SystemRefusal(#require(error)) == SystemRefusal(ENOENT))
        #expect(SystemRefusal(CancellationError()) == nil)
    }
}
