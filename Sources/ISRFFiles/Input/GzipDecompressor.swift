internal import CZlib
internal import ISRFCore

/// Decompresses a gzip file piece by piece, one member after the other.
final class GzipDecompressor {
    private enum State { case inside, betweenMembers, ended }

    private let path: String
    private let limits: ReadingLimits
    // zlib keeps a pointer to its stream, so that the stream must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.inside
    private var input: [UInt8] = []
    private var used = 0
    private var output = [UInt8](repeating: 0, count: 1 << 18)
    private var inputTotal = 0
    private var outputTotal = 0

    /// - Throws: `ISRFError` (`fileAccess`) when zlib cannot start.
    init(path: String, limits: ReadingLimits) throws {
        self.path = path
        self.limits = limits
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 16 for the gzip wrapper with its checksum.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw damaged("Decompression cannot start.") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next decompressed bytes; none at the end.
    /// - Parameter nextInput: Gives further compressed bytes, none when there are no more.
    func read(_ nextInput: () throws -> [UInt8]) throws -> [UInt8] {
        while state != .ended {
            if used == input.count {
                input = try nextInput()
                used = 0
                inputTotal += input.count
            }
            if state == .betweenMembers {
                // Some programs pad the file with zeros.
                while used < input.count, input[used] == 0 { used += 1 }
                if used < input.count {
                    inflateReset(stream)
                    state = .inside
                } else if input.isEmpty {
                    state = .ended
                }
                continue
            }
            guard !input.isEmpty else {
                throw damaged("The compressed data end in the middle: the file is cut off.")
            }
            let bytes = try inflateOnce()
            if !bytes.isEmpty { return bytes }
        }
        return []
    }

    private func inflateOnce() throws -> [UInt8] {
        let available = input.count - used
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress.map { $0 + used }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                return inflate(stream, Z_NO_FLUSH)
            }
        }
        used += available - Int(stream.pointee.avail_in)
        let count = output.count - Int(stream.pointee.avail_out)
        outputTotal += count
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: state = .betweenMembers
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)"
            throw damaged("The compressed data are damaged (\(reason)).")
        }
        let growth = outputTotal / max(1, inputTotal - input.count + used)
        guard outputTotal <= limits.uncheckedOutput || growth <= limits.expansion else {
            throw ISRFError(
                .fileAccess,
                "The compressed data grow more than \(limits.expansion) times, which data of this kind do not. If they "
                    + "are right all the same, decompress the file before it is read.",
                at: .init(file: path))
        }
        return Array(output[..<count])
    }

    private func damaged(_ what: String) -> ISRFError {
        ISRFError(
            .fileAccess, "\(what) Fetch or make the file again; `gzip -t` tests it. \(outputTotal) bytes were read.",
            at: .init(file: path))
    }
}
