import Foundation
import TestSupport
import Testing

@testable import gloss

@Suite struct ProgramVersionTests {
    private let folder: TemporaryFolder
    private let program: String

    init() throws {
        folder = try TemporaryFolder()
        program = try folder.write(Array("program".utf8), to: "gloss")
    }

    private func stamp(_ text: String, at seconds: Double) throws {
        let stamp = try folder.write(Array(text.utf8), to: "gloss.commit")
        for (path, date) in [(program, 1000.0), (stamp, seconds)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: date)], ofItemAtPath: path)
        }
    }

    @Test func theCommitIsTheOneWrittenAfterTheProgram() throws {
        #expect(ProgramVersion.commit(of: program) == nil)
        try stamp("58c0832c1234-dirty\n", at: 1001)
        #expect(ProgramVersion.commit(of: program) == "58c0832c1234-dirty")
        // The program has been built anew since.
        try stamp("58c0832c1234\n", at: 999)
        #expect(ProgramVersion.commit(of: program) == nil)
    }

    @Test(arguments: ["", " \n", "a\nb", "é"])
    func whatIsNoNameOfACommitIsNotShown(text: String) throws {
        try stamp(text, at: 1001)
        #expect(ProgramVersion.commit(of: program) == nil)
    }
}
