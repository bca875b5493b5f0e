extension Language {
    /// JavaScript: candidate and judge are two runs of node, joined by the channel.
    static let javaScript = Language(
        tools: ["node"], mend: "apt-get install nodejs", mode: .separateJudge,
        plan: { job, toolchain in
            (
                nil,
                { _, _ in
                    pair(
                        job, interpreter: [toolchain["node"]], suffix: "js",
                        candidate: JavaScriptSource.common + JavaScriptSource.candidate,
                        judge: JavaScriptSource.common + JavaScriptSource.judge, tests: job.tests,
                        limitsAddressSpace: false)
                }
            )
        })
}

private enum JavaScriptSource {
    static let common = #"""
        'use strict';
        const fs = require('fs'), vm = require('vm'), crypto = require('crypto');
        const parse = JSON.parse, stringify = JSON.stringify, read = fs.readSync, write = fs.writeSync, leave = process.reallyExit.bind(process);
        class Unsendable extends Error {}
        const limit = 16 << 20;
        function encode(value, depth, state) {
          if (--state.left < 0) throw new Unsendable('a value of more than 2000000 parts');
          if (depth > 200) throw new Unsendable('a value nested deeper than 200');
          switch (typeof value) {
            case 'boolean': case 'string': return value;
            case 'number': return Number.isFinite(value) && !Object.is(value, -0) ? value : ['f', Object.is(value, -0) ? '-0' : String(value)];
            case 'undefined': return ['u'];
            case 'bigint': return ['n', value.toString(16)];
            case 'object': break;
            default: throw new Unsendable('a value of type ' + typeof value);
          }
          if (value === null) return null;
          const next = item => encode(item, depth + 1, state);
          if (Array.isArray(value)) { const out = ['l']; for (let i = 0; i < value.length; i++) out.push(next(value[i])); return out; }
          const proto = Object.getPrototypeOf(value);
          if (proto === Map.prototype) { const out = ['m']; for (const [k, v] of value) out.push(next(k), next(v)); return out; }
          if (proto === Set.prototype) { const out = ['s']; for (const v of value) out.push(next(v)); return out; }
          if (proto === Object.prototype || proto === null) {
            const out = ['o'];
            for (const k of Object.keys(value)) out.push(k, next(value[k]));
            return out;
          }
          throw new Unsendable('a value of type ' + (proto.constructor ? proto.constructor.name : 'object'));
        }
        const pack = value => {
          const text = stringify(encode(value, 0, { left: 2000000 }));
          if (text.length > limit) throw new Unsendable('a value of more than ' + limit + ' bytes');
          return text;
        };
        function decode(value, depth) {
          if (!Array.isArray(value)) {
            if (value !== null && typeof value === 'object') throw new Error('an object');
            return value;
          }
          if (depth > 202 || typeof value[0] !== 'string') throw new Error('a list without a kind');
          const items = () => value.slice(1).map(item => decode(item, depth + 1));
          switch (value[0]) {
            case 'u': return undefined;
            case 'f': return value[1] === '-0' ? -0 : value[1] === 'NaN' ? NaN : value[1] === 'Infinity' ? Infinity : -Infinity;
            case 'n': return BigInt((String(value[1])[0] === '-' ? '-0x' + String(value[1]).slice(1) : '0x' + String(value[1])).replace('-0x', '0x')) * (String(value[1])[0] === '-' ? -1n : 1n);
            case 'l': return items();
            case 's': return new Set(items());
            case 'm': { const flat = items(), map = new Map(); for (let i = 0; i + 1 < flat.length; i += 2) map.set(flat[i], flat[i + 1]); return map; }
            case 'o': {
              const out = {};
              for (let i = 1; i + 1 < value.length; i += 2) {
                if (typeof value[i] !== 'string') throw new Error('a key');
                Object.defineProperty(out, value[i], { value: decode(value[i + 1], depth + 1), writable: true, enumerable: true, configurable: true });
              }
              return out;
            }
          }
          throw new Error('an unknown kind');
        }
        function exactly(count) {
          const data = Buffer.alloc(count);
          for (let done = 0; done < count;) {
            const n = read(3, data, done, count - done, null);
            if (n === 0) return null;
            done += n;
          }
          return data;
        }
        function receive() {
          const head = exactly(4);
          if (head === null) return null;
          const count = head.readUInt32BE(0);
          if (count > 2 * limit) throw new RangeError('a message of ' + count + ' bytes');
          const body = exactly(count);
          return body === null ? null : body.toString('utf8');
        }
        function send(text) {
          const body = Buffer.from(text, 'utf8'), head = Buffer.alloc(4);
          head.writeUInt32BE(body.length, 0);
          const data = Buffer.concat([head, body]);
          for (let done = 0; done < data.length;) done += write(3, data, done);
        }

        """#

    static let candidate = #"""
        const source = fs.readFileSync('solution.js', 'utf8');
        Object.assign(globalThis, { require, module: { exports: {} }, exports: {}, __filename: process.cwd() + '/solution.js', __dirname: process.cwd() });
        const parts = error => { try { return error instanceof Error ? [String(error.name), String(error.message).slice(0, 2000)] : [null, String(error).slice(0, 2000)]; } catch { return ['Error', 'an error']; } };
        const describe = error => { try { return String(error && error.name ? error.name + ': ' + error.message : error).slice(0, 2000); } catch { return 'an error'; } };
        const run = vm.runInThisContext, zeros = '0'.repeat(16);
        let script;
        try { script = new vm.Script(source, { filename: 'solution.js' }); } catch (error) { send(zeros + 'Ecompile_error\n' + describe(error)); leave(0); }
        try { script.runInThisContext(); } catch (error) { send(zeros + 'Efailed\n' + describe(error)); leave(0); }
        send(zeros + 'R');
        for (;;) {
          const message = receive();
          if (message === null) leave(0);
          const token = message.slice(0, 16);
          let answer;
          try {
            const [name, given] = decode(parse(message.slice(17)), 0);
            const before = given.map(item => item !== null && typeof item === 'object' ? pack(item) : null);
            const f = run(name), result = f(...given), changed = [];
            before.forEach((text, i) => { if (text !== null && pack(given[i]) !== text) changed.push([i, given[i]]); });
            answer = 'V' + pack([result, changed]);
          } catch (error) {
            answer = error instanceof Unsendable ? 'U' + error.message : 'X' + stringify(parts(error));
          }
          send(token + answer);
        }

        """#

    static let judge = #"""
        const entry = process.argv[2], tests = fs.readFileSync('tests.js', 'utf8');
        let calls = 0, opaque = '';
        const kinds = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
        // An error by the name of its built-in class; a value that is no error as its text.
        const thrown = text => {
          let name, message;
          try { [name, message] = parse(text); } catch (error) { tell('protocol_error', error.message); }
          if (typeof message !== 'string' || (name !== null && typeof name !== 'string')) tell('protocol_error', 'a malformed error');
          if (name === null) return message;
          const error = new (kinds[name] || Error)(message);
          if (!kinds[name]) error.name = name;
          return error;
        };
        const tell = (word, detail) => { write(4, word + '\n' + String(detail || '').slice(0, 2000)); leave(0); };
        // Ends at once: a test that catches exceptions must not go on after this.
        const hear = token => {
          let message;
          try { message = receive(); } catch (error) { tell('protocol_error', error.message); }
          if (message === null) tell('lost', 'the program ended');
          if (message.slice(0, 16) !== token) tell('protocol_error', 'an answer that was not asked for');
          return message.slice(16);
        };
        const call = (...given) => {
          const token = crypto.randomBytes(8).toString('hex');
          let text;
          try { text = pack([entry, given]); } catch (error) { tell('unsupported', 'the tests pass ' + error.message); }
          try { send(token + 'C' + text); } catch { tell('lost', 'the program ended'); }
          const answer = hear(token);
          // What cannot cross is equal to nothing, and no error, which a test may have asked for.
          if (answer[0] === 'U') { calls++; opaque = 'the program returns ' + answer.slice(1, 200); return Symbol(opaque); }
          if (answer[0] === 'X') { calls++; throw thrown(answer.slice(1)); }
          if (answer[0] !== 'V') tell('protocol_error', 'an unknown answer');
          let value;
          try { value = decode(parse(answer.slice(1)), 0); } catch (error) { tell('protocol_error', error.message); }
          if (!Array.isArray(value) || value.length !== 2 || !Array.isArray(value[1])) tell('protocol_error', 'a malformed answer');
          for (const change of value[1]) {
            const [i, now] = Array.isArray(change) ? change : [], target = given[i];
            if (Array.isArray(target) && Array.isArray(now)) target.splice(0, target.length, ...now);
            else if (target instanceof Map && now instanceof Map) { target.clear(); for (const [k, v] of now) target.set(k, v); }
            else if (target instanceof Set && now instanceof Set) { target.clear(); for (const v of now) target.add(v); }
            else if (target !== null && typeof target === 'object' && now !== null && typeof now === 'object') {
              for (const key of Object.keys(target)) delete target[key];
              Object.assign(target, now);
            } else tell('protocol_error', 'a malformed change of an argument');
          }
          calls++;
          return value[0];
        };
        const greeting = hear('0'.repeat(16));
        if (greeting[0] === 'E') {
          const at = greeting.indexOf('\n'), word = greeting.slice(1, at);
          tell(word === 'compile_error' ? word : 'failed', greeting.slice(at + 1));
        }
        if (greeting !== 'R') tell('protocol_error', 'a malformed greeting');
        Object.assign(globalThis, { require, module: { exports: {} }, exports: {} });
        globalThis[entry] = call;
        let script;
        try { script = new vm.Script(tests, { filename: 'tests.js' }); } catch (error) { tell('unreadable', error.message); }
        try { script.runInThisContext(); } catch (error) { tell('failed', opaque || (error instanceof Error ? error.name + ': ' + error.message : String(error)).split('\n')[0]); }
        if (calls === 0) tell('uncalled', 'the tests ended without a call of the program');
        write(4, 'passed\n');
        leave(0);

        """#
}
