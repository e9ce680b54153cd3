'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { read, send } from '@/components/request';
import type { DeviceTestResult } from '@/lib/device-tests/types';

/** A test as GET /api/devices/tests/{id} tells it. */
export interface DeviceTest {
  readonly id: string;
  readonly state: 'requested' | 'running' | 'passed' | 'failed' | 'cancelled';
  readonly requested_at: string;
  readonly error: string | null;
  readonly readings: DeviceTestResult['readings'];
  readonly problems: DeviceTestResult['problems'];
  readonly controls: DeviceTestResult['controls'];
}

export interface TestRequest {
  readonly driver: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly device_id?: string;
}

const ASK_EVERY_MS = 400;

export const isUnderWay = (test: DeviceTest) => test.state === 'requested' || test.state === 'running';

/** A live try of connection settings: asked for, followed until it ends, or called off. */
export function useDeviceTest() {
  const request = useMutation({
    mutationFn: (input: TestRequest) => send<DeviceTest>('POST', '/api/devices/tests', input),
  });
  const id = request.data?.id;
  const follow = useQuery({
    queryKey: ['device-test', id],
    queryFn: () => read<DeviceTest>(`/api/devices/tests/${id}`),
    initialData: request.data,
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) => (data === undefined || isUnderWay(data) ? ASK_EVERY_MS : false),
  });
  const cancel = useMutation({
    mutationFn: () => send('DELETE', `/api/devices/tests/${id}`),
    onSettled: () => follow.refetch(),
  });
  return {
    test: id === undefined ? null : (follow.data ?? null),
    start: request.mutate,
    isStarting: request.isPending,
    /** Why the settings were not even tried. */
    refusal: request.error,
    cancel: () => cancel.mutate(),
    forget: request.reset,
  };
}
