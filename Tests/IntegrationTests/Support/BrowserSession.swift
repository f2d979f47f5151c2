import Foundation
import Synchronization
import TestSupport
import Testing

/// A browser that is driven over its protocol: keys are pressed, scripts asked and pictures taken.
///
/// The protocol goes over two pipes, JSON texts with a NUL after each.
/// Source: https://chromedevtools.github.io/devtools-protocol/
final class BrowserSession {
    private let folder: TemporaryFolder
    private let process = Process()
    private let input: Int32
    private let output: Int32
    private var buffer: [UInt8] = []
    private var number = 0
    private var session = ""
    /// What scripts have thrown and the browser has refused.
    private(set) var complaints: [String] = []
    private var hasLoaded = false

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        folder = try TemporaryFolder()
        let (commands, answers) = (folder.file("commands"), folder.file("answers"))
        for path in [commands, answers] { try #require(mkfifo(path, 0o600) == 0) }
        // Opened both ways, so that opening waits for nobody.
        input = open(commands, O_RDWR)
        output = open(answers, O_RDWR)
        try #require(input >= 0 && output >= 0)
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "exec 3<\"$0\" 4>\"$1\"; shift; exec /usr/bin/chromium \"$@\"", commands, answers,
            // Without a sandbox, since tests may run as root in a container; nothing but our own pages is opened.
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--remote-debugging-pipe", "--user-data-dir=\(folder.file("profile"))", "about:blank",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let target = try ask("Target.createTarget", ["url": "about:blank"])["targetId"] as? String ?? ""
        session = try ask("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String ?? ""
        for domain in ["Page", "Runtime", "Log"] { _ = try ask("\(domain).enable") }
    }

    deinit {
        process.terminate()
        close(input)
        close(output)
    }

    /// Opens an address and waits until the page has loaded.
    func go(_ address: String) throws {
        hasLoaded = false
        _ = try ask("Page.navigate", ["url": address])
        try waitForLoad()
    }

    /// Waits until a page that is on its way has loaded.
    func waitForLoad() throws {
        while !hasLoaded { try take(try message()) }
    }

    /// The value of an expression; a promise is awaited.
    func value(_ expression: String) throws -> Any? {
        let answer = try ask(
            "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let thrown = answer["exceptionDetails"] { throw Failure(description: "\(expression): \(thrown)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    func text(_ expression: String) throws -> String { try value(expression) as? String ?? "" }

    /// A key.
    enum Key: String {
        case tab = "Tab"
        case enter = "Enter"
        case left = "ArrowLeft"
        case right = "ArrowRight"

        var code: Int {
            switch self {
            case .tab: 9
            case .enter: 13
            case .left: 37
            case .right: 39
            }
        }
    }

    func press(_ key: Key) throws {
        var event: [String: Any] = ["key": key.rawValue, "code": key.rawValue, "windowsVirtualKeyCode": key.code]
        if key == .enter { event["text"] = "\r" }
        for type in ["keyDown", "keyUp"] {
            event["type"] = type
            _ = try ask("Input.dispatchKeyEvent", event)
        }
    }

    /// Types a letter or a sign.
    func type(_ letter: Character) throws {
        _ = try ask("Input.dispatchKeyEvent", ["type": "keyDown", "text": String(letter), "key": String(letter)])
        _ = try ask("Input.dispatchKeyEvent", ["type": "keyUp", "key": String(letter)])
    }

    /// Presses a key by which one goes to another page, and waits for that.
    func follow(_ press: () throws -> Void) throws {
        hasLoaded = false
        try press()
        try waitForLoad()
    }

    /// Presses Tab until the focus is on something that an expression about `document.activeElement` (`e`) is true of.
    func tab(until condition: String, atMost count: Int = 200) throws {
        for _ in 0..<count {
            try press(.tab)
            if try value("(e => Boolean(\(condition)))(document.activeElement)") as? Bool == true { return }
        }
        throw Failure(description: "no Tab of \(count) reached what is \(condition)")
    }

    /// Shows pages as on a screen of a width, in the light or the dark.
    func look(width: Int, isDark: Bool) throws {
        _ = try ask(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600])
        _ = try ask(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
    }

    /// A picture of the whole page as PNG.
    func picture() throws -> Data {
        let answer = try ask("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        return try #require(Data(base64Encoded: answer["data"] as? String ?? ""))
    }

    // MARK: The protocol

    private func ask(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        number += 1
        var command: [String: Any] = ["id": number, "method": method, "params": parameters]
        if !session.isEmpty { command["sessionId"] = session }
        var bytes = [UInt8](try JSONSerialization.data(withJSONObject: command)) + [0]
        while !bytes.isEmpty {
            let count = write(input, bytes, bytes.count)
            guard count > 0 else { throw Failure(description: "the browser takes nothing: errno \(errno)") }
            bytes.removeFirst(count)
        }
        while true {
            let answer = try message()
            guard answer["id"] as? Int == number else {
                try take(answer)
                continue
            }
            if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    /// Notes what the browser tells without being asked.
    private func take(_ event: [String: Any]) throws {
        let parameters = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Page.loadEventFired": hasLoaded = true
        case "Runtime.exceptionThrown": complaints.append("\(parameters)")
        case "Log.entryAdded":
            let entry = parameters["entry"] as? [String: Any]
            if entry?["level"] as? String == "error" { complaints.append("\(entry?["text"] ?? "")") }
        default: break
        }
    }

    private func message() throws -> [String: Any] {
        while true {
            if let end = buffer.firstIndex(of: 0) {
                let bytes = buffer[..<end]
                buffer.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
            }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 60_000) > 0 else {
                throw Failure(description: "the browser said nothing for a minute")
            }
            var part = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &part, part.count)
            guard count > 0 else { throw Failure(description: "the browser's pipe ended") }
            buffer += part[..<count]
        }
    }
}
