import ArgumentParser
import Elements
import Foundation
import WeightFiles

/// A folder that a command writes files to.
struct OutputFolder: ParsableArguments {
    @Option(help: "The folder to write to.")
    var output: String

    @Flag(help: "Write into a folder that is there already; files of the same names are replaced.")
    var force = false

    /// Refuses a folder with something in it, unless that may be replaced.
    func check() throws {
        let held = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        guard held.isEmpty || force else {
            throw OneStageError(
                "\(output) is not empty; give another folder, or --force to replace files in it", .configuration)
        }
    }

    /// Writes a file of a name within the folder.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: output).appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            let refusal = SystemRefusal(error)
            throw OneStageError(
                "\(file.path) cannot be written: \(refusal?.reason ?? error.localizedDescription)",
                refusal?.isOfTheMachine == true ? .machine : .data)
        }
    }
}
