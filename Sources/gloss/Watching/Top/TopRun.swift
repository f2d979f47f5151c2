import Elements
import Foundation
import LatentSheets
import Store
import TerminalText

/// Runs `gloss top` on a screen: reads, draws and takes keys until a person has seen enough.
struct TopRun {
    let source: TopSource
    /// Where it is read from, for a person.
    let place: String
    let screen: Screen
    let hasColour: Bool

    private enum Event: Sendable {
        case keys([UInt8])
        case changed
        case due
        case read(Result<TopReading, any Error>)
        case opened(LatentKey, Result<LatentSheet, any Error>)
        /// Nobody is there any more who could press a key.
        case ended
    }

    /// Runs until a key or the end of the keys ends it; the screen is left however it ends.
    func run(from reading: TopReading, every: Double) async throws {
        let (events, sender) = AsyncStream.makeStream(of: Event.self)
        screen.enter()
        let signals = ScreenSignals(screen) { sender.yield(.changed) }
        defer {
            signals.cancel()
            screen.leave()
        }
        Self.readKeys(into: sender)
        var reading = reading
        var (state, keys) = (TopState(every: every), KeyReader())
        var (trouble, opened, isReading): (String?, LatentSheet?, Bool) = (nil, nil, false)
        var timer = Self.timer(state.every, sender)
        defer { timer.cancel() }
        try draw(state, reading, trouble, opened)
        for await event in events {
            switch event {
            case .ended: return
            case .changed: break
            case .due:
                timer = Self.timer(state.every, sender)
                guard !state.isPaused, !isReading else { continue }
                isReading = true
                read(state.query, sender)
                continue
            case .read(.success(let new)): (reading, trouble, isReading) = (new, nil, false)
            case .read(.failure(let error)): (trouble, isReading) = ("\(error)", false)
            case .opened(let key, let result):
                guard state.view == .latent(key) else { continue }
                switch result {
                case .success(let sheet): opened = sheet
                case .failure(let error): trouble = "\(error)"
                }
            case .keys(let bytes):
                for key in keys.keys(of: bytes) {
                    switch state.press(key, frame(state, reading, trouble, opened).shown) {
                    case .quit: return
                    case .read: read(state.query, sender)
                    case .open(let latent):
                        opened = nil
                        open(latent, sender)
                    case .redraw, nil: break
                    }
                }
            }
            state.settle(frame(state, reading, trouble, opened).shown)
            try draw(state, reading, trouble, opened)
        }
    }

    private func frame(_ state: TopState, _ reading: TopReading, _ trouble: String?, _ opened: LatentSheet?) -> TopFrame
    {
        let size = Terminal.size ?? (80, 24)
        let look = TopLook(width: max(20, size.columns), height: max(8, size.rows), hasColour: hasColour)
        let lines = opened.map { SheetPrinter(width: look.width, form: .plain).lines(of: $0) }
        return TopFrame(
            look: look, place: place, reading: reading, state: state, trouble: trouble, opened: lines)
    }

    private func draw(_ state: TopState, _ reading: TopReading, _ trouble: String?, _ opened: LatentSheet?) throws {
        let lines = frame(state, reading, trouble, opened).lines
        try screen.draw(lines.map { $0.written(hasColour: hasColour) })
    }

    private func read(_ query: LatentQuery, _ sender: AsyncStream<Event>.Continuation) {
        Task { [source] in
            do {
                sender.yield(.read(.success(try await source.reading(query))))
            } catch {
                sender.yield(.read(.failure(error)))
            }
        }
    }

    private func open(_ latent: LatentKey, _ sender: AsyncStream<Event>.Continuation) {
        Task { [source] in
            do {
                sender.yield(.opened(latent, .success(try await source.sheet(of: latent))))
            } catch {
                sender.yield(.opened(latent, .failure(error)))
            }
        }
    }

    private static func timer(_ seconds: Double, _ sender: AsyncStream<Event>.Continuation) -> Task<Void, Never> {
        Task {
            guard (try? await Task.sleep(for: .milliseconds(Int(seconds * 1000)))) != nil else { return }
            sender.yield(.due)
        }
    }

    /// Reads on a thread of its own, since it blocks until a key is pressed.
    private static func readKeys(into sender: AsyncStream<Event>.Continuation) {
        let thread = Thread {
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    sender.yield(.keys(Array(buffer.prefix(count))))
                } else if count == 0 || errno != EINTR {
                    sender.yield(.ended)
                    return
                }
            }
        }
        thread.name = "keys"
        thread.start()
    }
}
