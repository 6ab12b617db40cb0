// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
'use strict';

// Names and reasons come from others: they get into the page as text only (textContent).
(() => {
  const EVERY_MILLIS = 5000;
  const BOUND_MILLIS = 15000;
  const TOKEN = 'milvus-cdc-token';
  const WAITING_SHOWN = 5;
  const SVG = 'http://www.w3.org/2000/svg';
  const $ = (id) => document.getElementById(id);
  const cards = new Map();
  let heardAt = null;
  let timer = null;
  let turn = 0;

  /** An element with classes and text. */
  const make = (tag, classes = '', text = '') => {
    const element = document.createElement(tag);
    if (classes) element.className = classes;
    element.textContent = text;
    return element;
  };

  // ---- words for numbers ----

  const count = (value) => value.toLocaleString('en-GB');
  const clock = (millis) => new Date(millis).toLocaleTimeString();

  const span = (seconds) => {
    if (seconds === null || seconds === undefined) return 'unknown';
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 120) return `${Math.round(seconds)} s`;
    if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
    return `${Math.floor(seconds / 86400)} days ${Math.floor(seconds / 3600) % 24} h`;
  };

  /** How far a collection is behind: 0 says that no row of it is known to be missing. */
  const behind = (seconds) => (seconds === 0 ? 'up to date' : span(seconds));

  /** A time of today, or a date. */
  const moment = (millis, now) => (now - millis < 43200000 ? clock(millis) : new Date(millis).toLocaleDateString());

  const rate = (value) => {
    if (value === null || value === undefined) return 'unknown';
    return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} rows/s`;
  };

  const bytes = (value) => {
    if (value < 1000) return `${value} B`;
    if (value < 1e6) return `${(value / 1000).toFixed(1)} kB`;
    return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
  };

  /** A collection as the user knows it; of one that waits for an answer only the id may be known. */
  const fullName = (of) => (of.name ? `${of.database}.${of.name}` : `collection ${of.collection_id}`);

  // ---- talking to the server ----

  class Refused extends Error {}

  const ask = async (path, body) => {
    const headers = {};
    const token = sessionStorage.getItem(TOKEN);
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers['Content-Type'] = 'application/json';
    const answer = await fetch(path, {
      method: body ? 'POST' : 'GET',
      headers,
      body: body ? JSON.stringify(body) : undefined,
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(BOUND_MILLIS),
    });
    if (answer.status === 401) throw new Refused();
    const text = await answer.text();
    let told;
    try {
      // these ids have more digits than a number holds here
      told = JSON.parse(text.replace(/("collection_id":\s*)(-?\d+)/g, '$1"$2"'));
    } catch (e) {
      throw new Error(`status ${answer.status}, and not in JSON`);
    }
    if (!answer.ok) throw new Error(told.message || `status ${answer.status}`);
    return told;
  };

  const request = async (type, taskId) => {
    const told = await ask('cdc', { request_type: type, request_data: { task_id: taskId } });
    if (told.code !== 200) throw new Error(told.message || `code ${told.code}`);
    return told.data;
  };

  // ---- parts of a task ----

  /** A line of the last minutes; where nothing is known it has a gap. */
  const draw = (svg, times, values, words) => {
    const width = 300;
    const height = 48;
    svg.replaceChildren();
    const known = values.filter((value) => value !== null);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('role', 'img');
    if (known.length === 0) {
      svg.setAttribute('aria-label', 'nothing is known yet');
      return;
    }
    const most = known.reduce((a, b) => Math.max(a, b), 0);
    svg.setAttribute('aria-label', `at most ${words(most)}, now ${words(known[known.length - 1])}`);
    const from = times[0];
    const length = Math.max(1, times[times.length - 1] - from);
    const x = (i) => ((times[i] - from) / length) * width;
    const y = (value) => height - 2 - (most > 0 ? (value / most) * (height - 4) : 0);
    let points = [];
    const end = () => {
      if (points.length > 0) {
        const line = document.createElementNS(SVG, 'polyline');
        line.setAttribute('points', points.join(' '));
        svg.append(line);
      }
      points = [];
    };
    values.forEach((value, i) => {
      if (value === null) end();
      else points.push(`${x(i).toFixed(1)},${y(value).toFixed(1)}`);
    });
    end();
  };

  const chart = (title) => {
    const figure = make('figure');
    const caption = make('figcaption');
    const now = make('b');
    const most = make('span');
    const svg = document.createElementNS(SVG, 'svg');
    caption.append(make('span', '', title), now, most);
    figure.append(caption, svg);
    const show = (text, times, values, words) => {
      now.textContent = text;
      const known = values.filter((value) => value !== null);
      const minutes = times.length > 1 ? (times[times.length - 1] - times[0]) / 60000 : 0;
      most.textContent = known.length > 1
        ? `max ${words(known.reduce((a, b) => Math.max(a, b), 0))} in ${Math.max(1, Math.round(minutes))} min` : '';
      draw(svg, times, values, words);
    };
    return { figure, show };
  };

  /** A table; columns are [title, whether it holds numbers]. */
  const table = (columns) => {
    const wide = make('div', 'wide');
    const all = make('table');
    const head = make('tr');
    columns.forEach(([title, number]) => {
      const cell = make('th', number ? 'number' : '', title);
      cell.scope = 'col';
      head.append(cell);
    });
    const top = make('thead');
    top.append(head);
    const body = make('tbody');
    all.append(top, body);
    wide.append(all);
    const fill = (rows) => {
      body.replaceChildren(...rows.map((row) => {
        const line = make('tr');
        row.forEach((text, i) => line.append(make('td', columns[i][1] ? 'number' : 'name', text)));
        return line;
      }));
    };
    return { wide, fill };
  };

  const fold = (title, content) => {
    const details = make('details');
    const summary = make('summary', '', title);
    details.append(summary, content);
    return { details, summary };
  };

  /** Something that is done to a task; the buttons wait for its end. */
  const act = async (card, type) => {
    card.buttons.forEach((button) => { button.disabled = true; });
    card.wrong.hidden = true;
    try {
      await request(type, card.id);
    } catch (e) {
      if (e instanceof Refused) return showLogin(true);
      card.wrong.textContent = `${type} failed: ${e.message}`;
      card.wrong.hidden = false;
    } finally {
      card.buttons.forEach((button) => { button.disabled = false; });
    }
    return refresh();
  };

  const confirmDelete = (card) => {
    const dialog = $('confirm');
    $('confirm-id').textContent = card.id;
    $('confirm-no').onclick = () => dialog.close();
    $('confirm-yes').onclick = () => {
      dialog.close();
      act(card, 'delete');
    };
    dialog.showModal();
  };

  const showPositions = async (card) => {
    card.positionsNote.textContent = 'Loading ...';
    try {
      const found = await request('position', card.id) || {};
      const rows = [];
      const entries = (list, name) => (list || []).forEach((entry) => rows.push([
        name(entry), entry.channel_name, new Date(entry.time).toLocaleString(), entry.msg_id]));
      const operations = new Set((found.op_positions || []).map((entry) => entry.channel_name));
      entries(found.positions, (entry) => (operations.has(entry.channel_name) ? 'operations'
        : card.names.get(entry.collection_id) || entry.collection_id));
      entries(found.target_positions, () => 'target');
      card.positions.fill(rows);
      card.positionsNote.textContent = rows.length === 0
        ? 'Nothing is committed yet.' : `As of ${clock(Date.now())}. Everything before is at the target.`;
    } catch (e) {
      card.positionsNote.textContent = e instanceof Refused ? 'The token is refused.' : `They can't be had: ${e.message}`;
    }
  };

  const newCard = (id) => {
    const root = make('section', 'task');
    root.setAttribute('aria-label', `task ${id}`);
    root.dataset.task = id;
    const card = { id, root, names: new Map() };
    const head = make('div', 'head');
    const buttons = make('div', 'row buttons');
    card.state = make('span', 'state');
    card.toggle = make('button', 'toggle');
    card.toggle.type = 'button';
    card.toggle.onclick = () => act(card, card.running ? 'pause' : 'resume');
    const remove = make('button', 'danger delete', 'Delete ...');
    remove.type = 'button';
    remove.onclick = () => confirmDelete(card);
    card.buttons = [card.toggle, remove];
    buttons.append(card.toggle, remove);
    head.append(make('h2', '', id), card.state, buttons);
    card.reason = make('p', 'reason');
    card.problem = make('p', 'wrong');
    card.wrong = make('p', 'wrong');
    card.wrong.setAttribute('role', 'alert');
    card.wrong.hidden = true;
    card.facts = make('p', 'faint');
    card.job = make('a', 'job', 'Job in Flink');
    card.job.target = '_blank';
    card.job.rel = 'noreferrer noopener';
    card.lag = chart('Lag');
    card.rate = chart('Rows sent');
    const charts = make('div', 'charts');
    charts.append(card.lag.figure, card.rate.figure);
    card.collections = table([['collection', false], ['now', true], ['last row', true], ['behind', true],
      ['inserts', true], ['sent', true], ['deletes', true], ['sent', true], ['bytes', true], ['id', true]]);
    card.collectionsFold = fold('Collections', card.collections.wide);
    card.waiting = make('ul', 'reason waiting');
    card.collectionsFold.details.classList.add('collections');
    card.channels = table([['source channel', false], ['read up to', true], ['behind', true]]);
    card.channelsFold = fold('Channels', card.channels.wide);
    card.positions = table([['of', false], ['channel', false], ['time', false], ['msg_id', false]]);
    card.positionsNote = make('p', 'faint');
    const positions = make('div');
    positions.append(card.positionsNote, card.positions.wide);
    const positionsFold = fold('Positions', positions);
    positionsFold.details.classList.add('positions');
    positionsFold.details.ontoggle = () => { if (positionsFold.details.open) showPositions(card); };
    root.append(head, card.reason, card.problem, card.wrong, card.facts, card.job, charts, card.waiting,
      card.collectionsFold.details, card.channelsFold.details, positionsFold.details);
    return card;
  };

  const facts = (task, now) => {
    const told = [task.target ? `into ${task.target}` : 'into an unknown target'];
    if (task.committed_time !== null) told.push(`everything up to ${new Date(task.committed_time).toLocaleString()} is visible there`);
    if (task.job) {
      told.push(`${count(task.job.rows_sent)} rows sent since the job's start`);
      told.push(task.job.checkpoint_time === null ? 'no checkpoint yet' : `last checkpoint ${span(Math.max(0, now - task.job.checkpoint_time) / 1000)} ago`);
      if (task.job.checkpoints_failed > 0) told.push(`${count(task.job.checkpoints_failed)} checkpoints failed`);
      if (task.job.restarts > 0) told.push(`${count(task.job.restarts)} restarts`);
    } else if (task.state === 'Running') {
      told.push('its job tells nothing yet');
    }
    return `${told.join('; ')}.`;
  };

  /** What waits for its place at the target: the first few, and how many more. */
  const showWaiting = (card, collections, now) => {
    const waits = collections.filter((of) => of.waiting_since !== null);
    const lines = waits.slice(0, WAITING_SHOWN).map((of) => make('li', '',
      `Rows of ${fullName(of)} wait, the first for ${span(Math.max(0, now - of.waiting_since) / 1000)}: ${of.waiting_reason || 'for what will be told in a moment'}`));
    if (waits.length > lines.length) lines.push(make('li', '', `And ${waits.length - lines.length} more collections wait.`));
    card.waiting.replaceChildren(...lines);
    card.waiting.hidden = waits.length === 0;
  };

  const showCollections = (card, task, now) => {
    card.names = new Map(task.collections.map((of) => [of.collection_id, fullName(of)]));
    card.collections.fill(task.collections.map((of) => [fullName(of), rate(of.rows_per_second),
      of.last_row_time === null ? '' : moment(of.last_row_time, now),
      of.waiting_since === null ? behind(of.lag_seconds) : `${span(of.lag_seconds)}, waits`,
      count(of.inserted_read), count(of.inserted_sent), count(of.deleted_read), count(of.deleted_sent),
      bytes(of.bytes_sent), of.collection_id]));
    const more = task.collections_total - task.collections.length;
    card.collectionsFold.summary.textContent = `Collections with rows since the job's start: ${count(task.collections_total)}${
      more > 0 ? `, of which ${count(more)} with older rows aren't shown` : ''}`;
    showWaiting(card, task.collections, now);
  };

  /** Only what Flink's UI can be: never a script. */
  const link = (anchor, address) => {
    const ok = typeof address === 'string' && /^https?:\/\//.test(address);
    anchor.hidden = !ok;
    if (ok) anchor.href = address;
  };

  const showTask = (card, task, now) => {
    card.running = task.state === 'Running';
    card.state.textContent = task.state;
    card.state.className = `state ${card.running ? 'running' : 'paused'}`;
    card.toggle.textContent = card.running ? 'Pause' : 'Resume';
    card.reason.textContent = task.reason ? `Paused: ${task.reason}` : '';
    card.reason.hidden = !task.reason;
    card.problem.textContent = task.problem ? `Its checkpoint can't be read: ${task.problem}` : '';
    card.problem.hidden = !task.problem;
    card.facts.textContent = facts(task, now);
    link(card.job, task.job_ui);
    const past = task.history;
    card.lag.show(task.lag_seconds === null ? 'unknown' : span(task.lag_seconds), past.time, past.lag_seconds, span);
    card.rate.show(card.running ? rate(task.rows_per_second) : 'paused', past.time, past.rows_per_second, rate);
    showCollections(card, task, now);
    card.channels.fill(task.channels.map((of) => [of.channel_name, clock(of.read_time), span(of.lag_seconds)]));
    card.channelsFold.summary.textContent = `Channels of the source: ${task.channels.length}`;
  };

  // ---- the page ----

  const show = (status) => {
    const there = new Set(status.tasks.map((task) => task.task_id));
    cards.forEach((card, id) => {
      if (!there.has(id)) {
        card.root.remove();
        cards.delete(id);
      }
    });
    status.tasks.forEach((task, i) => {
      if (!cards.has(task.task_id)) {
        const card = newCard(task.task_id);
        cards.set(task.task_id, card);
        $('tasks').insertBefore(card.root, $('tasks').children[i] || null);
      }
      showTask(cards.get(task.task_id), task, status.time);
    });
    $('none').hidden = status.tasks.length > 0;
    link($('flink'), status.flink_ui);
    const running = status.tasks.filter((task) => task.state === 'Running').length;
    $('summary').textContent = `${running} running, ${status.tasks.length - running} paused; as of ${clock(status.time)}`;
  };

  const clear = () => {
    cards.forEach((card) => card.root.remove());
    cards.clear();
    $('none').hidden = true;
    $('flink').hidden = true;
    $('summary').textContent = '';
  };

  const problem = (text) => {
    $('problem').textContent = text;
    $('problem').hidden = !text;
    document.body.classList.toggle('stale', Boolean(text) && cards.size > 0);
  };

  const showLogin = (refused) => {
    const wrong = refused && sessionStorage.getItem(TOKEN) !== null;
    sessionStorage.removeItem(TOKEN);
    clear();
    problem(wrong ? "The server doesn't accept this token." : '');
    $('forget').hidden = true;
    if ($('login').hidden) {
      $('login').hidden = false;
      $('token').focus();
    }
  };

  const refresh = async () => {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    try {
      const status = await ask('status');
      if (mine !== turn) return;
      heardAt = Date.now();
      show(status);
      problem('');
      $('login').hidden = true;
      $('forget').hidden = sessionStorage.getItem(TOKEN) === null;
    } catch (e) {
      if (mine !== turn) return;
      if (e instanceof Refused) {
        showLogin(true);
        return;
      }
      const since = heardAt === null ? '' : ` It was heard last at ${clock(heardAt)}; what is below is from then.`;
      problem(`The server doesn't answer as it should (${e.message}).${since} Trying again every ${EVERY_MILLIS / 1000} s.`);
      if (heardAt === null) $('summary').textContent = '';
    }
    if (mine === turn) timer = setTimeout(refresh, EVERY_MILLIS);
  };

  $('login').onsubmit = (event) => {
    event.preventDefault();
    sessionStorage.setItem(TOKEN, $('token').value.trim());
    $('token').value = '';
    refresh();
  };
  $('forget').onclick = () => {
    clearTimeout(timer);
    turn += 1;
    showLogin(false);
  };
  refresh();
})();
