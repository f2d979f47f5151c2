import Dispatch
import Foundation
import TestSupport

/// Headless Chromium, as Debian packages it: what a page is after its script has run, and what the browser says of it.
struct Browser {
    struct Page {
        /// The document as HTML.
        let document: String
        /// What the browser and scripts have written to the console.
        let console: String
    }

    /// Opens an address and waits until the page has loaded.
    func open(_ address: String) throws -> Page {
        let profile = try TemporaryFolder()
        defer { withExtendedLifetime(profile) {} }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/chromium")
        // Without a sandbox, since tests may run as root in a container; nothing but our own pages is opened.
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--user-data-dir=\(profile.file("profile"))", "--enable-logging=stderr", "--v=0",
            "--allow-file-access-from-files", "--timeout=20000", "--dump-dom", address,
        ]
        for name in ["out", "err"] { try profile.write("", to: name) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: profile.file("out"))
        process.standardError = FileHandle(forWritingAtPath: profile.file("err"))
        try process.run()
        // One that hangs must not hold up all other tests.
        let deadline = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: deadline)
        process.waitUntilExit()
        deadline.cancel()
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: profile.file(name))), as: UTF8.self)
        }
        let console = try text("err").split(separator: "\n").filter { $0.contains("CONSOLE") }
        return Page(document: try text("out"), console: console.joined(separator: "\n"))
    }
}
